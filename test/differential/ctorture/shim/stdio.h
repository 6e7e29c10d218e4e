/* Declared, never defined: a test that reaches one of these does not fit. */
#include <stddef.h>
typedef struct torture_file FILE;
extern FILE *stdout, *stderr;
/* Tests tell what went wrong before they abort. */
#define printf(...) 0
int fprintf(FILE *, const char *, ...);
int sprintf(char *, const char *, ...);
int snprintf(char *, size_t, const char *, ...);
int puts(const char *);
int putchar(int);
int fflush(FILE *);
