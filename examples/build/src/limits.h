#ifndef LIMITS_H
#define LIMITS_H

#define MAX_PROTOCOLS 256

#endif
