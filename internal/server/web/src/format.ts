// Laying out SQL, loaded when it is first asked for.
import { duckdb, formatDialect } from 'sql-formatter';
import { sameMeaning } from './tokens';

/** format lays a statement out; it throws where the layout would change anything but white space. */
export function format(sql: string): string {
  const out = formatDialect(sql, { dialect: duckdb, tabWidth: 2, keywordCase: 'preserve', functionCase: 'preserve', dataTypeCase: 'preserve', identifierCase: 'preserve', linesBetweenQueries: 1, expressionWidth: 100, paramTypes: { named: ['$'] } });
  if (!sameMeaning(sql, out)) throw new Error('not the same tokens');
  return out;
}
