#include "backend/target/KernelVersion.h"

using namespace llvm;

namespace bpfcc::target {

std::string toString(KernelVersion V) {
  return std::to_string(V.Major) + "." + std::to_string(V.Minor);
}

bool isRelease(KernelVersion V) {
#define KERNEL_SERIES(Number, FirstMinor, LastMinor)                           \
  if (V.Major == Number)                                                       \
    return V.Minor >= FirstMinor && V.Minor <= LastMinor;
#include "backend/target/kernels.def"
  return false;
}

std::optional<KernelVersion> parseKernelVersion(StringRef Text) {
  KernelVersion V;
  if (Text.consumeInteger(10, V.Major) || !Text.consume_front(".") ||
      Text.consumeInteger(10, V.Minor))
    return std::nullopt;
  if (!Text.empty() && Text.front() != '.' && Text.front() != '-')
    return std::nullopt;
  return V;
}

const FeatureInfo &featureInfo(Feature F) {
  static constexpr FeatureInfo Table[] = {
#define KERNEL_FEATURE(Name, Major, Minor, Probe, Text)                        \
  {#Name, {Major, Minor}, Probe, Text},
#include "backend/target/kernels.def"
  };
  return Table[unsigned(F)];
}

unsigned instructionLimit(KernelVersion V) {
  return hasFeature(V, Feature::MillionInsts) ? 1000000 : 4096;
}

} // namespace bpfcc::target
