/* What csmith's programs include, for a BPF program and for the host alike: no
   C library, and a checksum that ends in a variable. ON_HOST prints it. */
#ifndef CSMITH_SHIM_H
#define CSMITH_SHIM_H

#include <float.h>

typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;

#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)
#define INT8_MAX __INT8_MAX__
#define INT8_MIN (-__INT8_MAX__ - 1)
#define INT16_MAX __INT16_MAX__
#define INT16_MIN (-__INT16_MAX__ - 1)
#define INT32_MAX __INT32_MAX__
#define INT32_MIN (-__INT32_MAX__ - 1)
#define INT64_MAX __INT64_MAX__
#define INT64_MIN (-__INT64_MAX__ - 1)
#define UINT8_MAX __UINT8_MAX__
#define UINT16_MAX __UINT16_MAX__
#define UINT32_MAX __UINT32_MAX__
#define UINT64_MAX __UINT64_MAX__
#define CHAR_BIT __CHAR_BIT__

#define fabsf __builtin_fabsf
#define fabs __builtin_fabs

#define STATIC static
#define UNDEFINED(value) (value)
#define LOG_INDEX
#define LOG_EXEC
#define FUNC_NAME(x) (safe_##x)
#define assert(condition)
#include "safe_math.h"
#undef FUNC_NAME

int printf(const char *, ...);
#define printf(...) ((void)0)

#define CSMITH_DONE (1ul << 32)
__attribute__((
    section(".data.status"))) volatile unsigned long csmith_status = 0;

static uint32_t crc32_context = 0xffffffffu;

static __attribute__((noinline)) void crc32_add(uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++, value >>= 8) {
    crc32_context ^= value & 0xff;
    for (int j = 0; j < 8; j++)
      crc32_context =
          (crc32_context >> 1) ^ (crc32_context & 1 ? 0xedb88320u : 0);
  }
}

static inline void crc32_gentab(void) {}
static inline void platform_main_begin(void) {}

static __attribute__((unused)) void transparent_crc(uint64_t value, char *name,
                                                    int print) {
  crc32_add(value, 8);
}

static __attribute__((unused)) void
transparent_crc_bytes(char *bytes, int count, char *name, int print) {
  for (int i = 0; i < count; i++)
    crc32_add((uint8_t)bytes[i], 1);
}

static inline void platform_main_end(uint32_t crc, int print) {
  csmith_status = CSMITH_DONE | crc;
}

#endif
