// What the programs and the user of their counts have in common.
#ifndef COUNTS_H
#define COUNTS_H

#include "limits.h"

struct counts {
  unsigned long packets[MAX_PROTOCOLS];
};

#endif
