#include "backend/target/KernelVersion.h"

using namespace llvm;

namespace bpfcc::target {

std::string toString(KernelVersion V) {
  return std::to_string(V.Major) + "." + std::to_string(V.Minor);
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
#define KERNEL_FEATURE(Name, Major, Minor, Text) {#Name, {Major, Minor}, Text},
#include "backend/target/kernels.def"
  };
  return Table[unsigned(F)];
}

unsigned isaLevel(KernelVersion V) {
  return 1 + hasFeature(V, Feature::Isa2) + hasFeature(V, Feature::Isa3) +
         hasFeature(V, Feature::Isa4);
}

unsigned instructionLimit(KernelVersion V) {
  return hasFeature(V, Feature::MillionInsts) ? 1000000 : 4096;
}

} // namespace bpfcc::target
