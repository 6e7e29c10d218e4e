#ifndef BPFCC_SUPPORT_OPTLEVEL_H
#define BPFCC_SUPPORT_OPTLEVEL_H

namespace bpfcc {

/// -O0 to -O3, -Os, -Oz.
enum class OptLevel { O0, O1, O2, O3, Os, Oz };

} // namespace bpfcc

#endif
