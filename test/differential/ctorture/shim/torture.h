/* What a GCC torture test asks of its C library, for BPF: seen before the
   test, in the same translation unit.

   A program cannot end early in BPF, so exit() and abort() note what happened
   and then touch an address where no memory lies: the interpreter stops. */
#ifndef TORTURE_H
#define TORTURE_H

#define TORTURE_RETURNED 0x100
#define TORTURE_EXITED 0x200
#define TORTURE_ABORTED 0x400

__attribute__((section(".data.status"))) volatile unsigned long torture_status =
    0;

static inline __attribute__((noreturn, always_inline)) void
torture_end(unsigned long status) {
  torture_status = status;
  *(volatile char *)0x10 = 0;
  __builtin_unreachable();
}

static __attribute__((noreturn, noinline, unused)) void torture_abort(void) {
  torture_end(TORTURE_ABORTED);
}

static __attribute__((noreturn, noinline, unused)) void torture_exit(int code) {
  torture_end(TORTURE_EXITED | (code & 0xff));
}

#define TORTURE_SHIM static __attribute__((noinline, unused, no_builtin))

TORTURE_SHIM void *torture_memcpy(void *to, const void *from,
                                  unsigned long size) {
  for (unsigned long i = 0; i < size; i++)
    ((char *)to)[i] = ((const char *)from)[i];
  return to;
}

TORTURE_SHIM void *torture_memmove(void *to, const void *from,
                                   unsigned long size) {
  unsigned long i;
  if ((unsigned long)to <= (unsigned long)from)
    for (i = 0; i < size; i++)
      ((char *)to)[i] = ((const char *)from)[i];
  else
    for (i = size; i > 0; i--)
      ((char *)to)[i - 1] = ((const char *)from)[i - 1];
  return to;
}

TORTURE_SHIM void *torture_memset(void *to, int value, unsigned long size) {
  for (unsigned long i = 0; i < size; i++)
    ((char *)to)[i] = value;
  return to;
}

TORTURE_SHIM int torture_memcmp(const void *a, const void *b,
                                unsigned long size) {
  for (unsigned long i = 0; i < size; i++)
    if (((const unsigned char *)a)[i] != ((const unsigned char *)b)[i])
      return ((const unsigned char *)a)[i] - ((const unsigned char *)b)[i];
  return 0;
}

TORTURE_SHIM void *torture_memchr(const void *a, int c, unsigned long size) {
  for (unsigned long i = 0; i < size; i++)
    if (((const unsigned char *)a)[i] == (unsigned char)c)
      return (char *)a + i;
  return 0;
}

TORTURE_SHIM unsigned long torture_strlen(const char *s) {
  unsigned long size = 0;
  while (s[size])
    size++;
  return size;
}

TORTURE_SHIM char *torture_strcpy(char *to, const char *from) {
  unsigned long i = 0;
  while ((to[i] = from[i]))
    i++;
  return to;
}

TORTURE_SHIM char *torture_strncpy(char *to, const char *from,
                                   unsigned long size) {
  unsigned long i = 0;
  for (; i < size && from[i]; i++)
    to[i] = from[i];
  for (; i < size; i++)
    to[i] = 0;
  return to;
}

TORTURE_SHIM char *torture_strcat(char *to, const char *from) {
  unsigned long end = 0, i = 0;
  while (to[end])
    end++;
  while ((to[end + i] = from[i]))
    i++;
  return to;
}

TORTURE_SHIM int torture_strcmp(const char *a, const char *b) {
  unsigned long i = 0;
  while (a[i] && a[i] == b[i])
    i++;
  return (unsigned char)a[i] - (unsigned char)b[i];
}

TORTURE_SHIM int torture_strncmp(const char *a, const char *b,
                                 unsigned long size) {
  for (unsigned long i = 0; i < size; i++)
    if (a[i] != b[i] || !a[i])
      return (unsigned char)a[i] - (unsigned char)b[i];
  return 0;
}

TORTURE_SHIM char *torture_strchr(const char *s, int c) {
  for (;; s++) {
    if (*s == (char)c)
      return (char *)s;
    if (!*s)
      return 0;
  }
}

TORTURE_SHIM char *torture_strrchr(const char *s, int c) {
  char *found = 0;
  for (;; s++) {
    if (*s == (char)c)
      found = (char *)s;
    if (!*s)
      return found;
  }
}

TORTURE_SHIM void *torture_mempcpy(void *to, const void *from,
                                   unsigned long size) {
  return (char *)torture_memcpy(to, from, size) + size;
}

/* Each block has its size before it and is never used again. */
static unsigned long torture_heap[65536], torture_used;

TORTURE_SHIM void *torture_malloc(unsigned long size) {
  unsigned long words = (size + 15) / 16 * 2, at = torture_used;
  if (words > 65534 - at)
    return 0;
  torture_used = at + words + 2;
  torture_heap[at] = size;
  return &torture_heap[at + 2];
}

TORTURE_SHIM void torture_free(void *block) {}

TORTURE_SHIM void *torture_calloc(unsigned long count, unsigned long size) {
  return torture_malloc(count * size);
}

TORTURE_SHIM void *torture_realloc(void *block, unsigned long size) {
  char *to = torture_malloc(size);
  if (to && block) {
    unsigned long old = ((unsigned long *)block)[-2];
    torture_memcpy(to, block, old < size ? old : size);
  }
  return to;
}

TORTURE_SHIM int torture_abs(int value) { return value < 0 ? -value : value; }

#define abort torture_abort
#define exit torture_exit
#define memcpy torture_memcpy
#define memmove torture_memmove
#define memset torture_memset
#define memcmp torture_memcmp
#define memchr torture_memchr
#define strlen torture_strlen
#define strcpy torture_strcpy
#define strncpy torture_strncpy
#define strcat torture_strcat
#define strcmp torture_strcmp
#define strncmp torture_strncmp
#define strchr torture_strchr
#define strrchr torture_strrchr
#define mempcpy torture_mempcpy
#define malloc torture_malloc
#define calloc torture_calloc
#define realloc torture_realloc
#define free torture_free
#define abs torture_abs
#define alloca __builtin_alloca
#define __builtin_malloc torture_malloc
#define __builtin_calloc torture_calloc
#define __builtin_free torture_free
#define __builtin_abs torture_abs
#define __builtin_strncpy torture_strncpy
#define __builtin_mempcpy torture_mempcpy
/* Tests tell what went wrong before they abort. */
#define __builtin_printf(...) 0
#define __builtin_memcmp torture_memcmp
#define __builtin_strlen torture_strlen
#define __builtin_strcpy torture_strcpy
#define __builtin_strcmp torture_strcmp
#define __builtin_abort torture_abort
#define __builtin_exit torture_exit

#endif
