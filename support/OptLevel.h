#ifndef BPFCC_SUPPORT_OPTLEVEL_H
#define BPFCC_SUPPORT_OPTLEVEL_H

namespace bpfcc {

/// -O0 to -O3, -Os, -Oz.
enum class OptLevel { O0, O1, O2, O3, Os, Oz };

/// What is counted where two forms of a program differ in it: slots (-Os, -Oz),
/// steps of the verifier (-Overifiable), or slots unless a loop pays for them.
enum class CostModel { Balanced, Slots, Steps };

} // namespace bpfcc

#endif
