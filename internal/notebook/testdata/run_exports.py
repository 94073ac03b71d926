"""Opens and runs what `weir notebook export --forms ipynb,sql` wrote, with nothing of Weir: each ipynb is validated and
executed by Jupyter, each .sql runs unchanged in DuckDB in the directory of the lake.

    python run_exports.py EXPORTS LAKE
"""

import glob
import os
import sys

import duckdb
import nbformat
from nbclient import NotebookClient

exports, lake = (os.path.abspath(path) for path in sys.argv[1:3])
books, scripts = (sorted(glob.glob(os.path.join(exports, "*." + ending))) for ending in ("ipynb", "sql"))
if len(books) < 12 or len(scripts) < 12:
    sys.exit(f"{len(books)} ipynb and {len(scripts)} sql files in {exports}: want the twelve that ship")
for path in books:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    NotebookClient(book, timeout=120, kernel_name="python3").execute()  # a failing cell raises
    if not any(cell.cell_type == "code" and cell.outputs for cell in book.cells):
        sys.exit(f"{path}: no cell has an output")
os.chdir(lake)
for path in scripts:
    with open(path, encoding="utf-8") as script:
        duckdb.connect().execute(script.read())
print(f"DuckDB {duckdb.__version__}: {len(books)} notebooks and {len(scripts)} scripts ran")
