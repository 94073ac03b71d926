package typst

// #include <malloc.h>
import "C"

// trim gives back to the system what the compiler of the module took and freed,
// some 450 MB: glibc would keep it.
func trim() { C.malloc_trim(0) }
