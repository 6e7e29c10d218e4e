int printf(const char *, ...);
static inline void print(int x) { printf("%d", x); }
