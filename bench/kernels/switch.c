#include "kernel.h"

// A machine with eight instructions runs the input.
ENTRY __u64 entry(struct job *job) {
  __u64 a = 1, b = 2, c = 3;
  for (__u32 i = 0; i < 8192; i++) {
    __u8 op = job->input[i];
    switch (op & 15) {
    case 0: a += b; break;
    case 1: b ^= c; break;
    case 2: c -= a; break;
    case 3: a = b << 3; break;
    case 4: b = c >> 1; break;
    case 5: c = a * 5; break;
    case 6: a ^= op; break;
    case 7: b += op; break;
    case 8: c |= b; break;
    case 9: a &= c; break;
    case 10: b = a; break;
    case 11: c ^= a; break;
    case 12: a = ~a; break;
    case 13: b -= 7; break;
    default: c++; break;
    }
  }
  return a ^ b ^ c;
}
