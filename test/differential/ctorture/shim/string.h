/* torture.h, which comes first, has it all. */
#include <stddef.h>
