#undef assert
#define assert(condition) ((condition) ? (void)0 : abort())
