#ifndef BPFCC_BACKEND_TARGET_KERNELVERSION_H
#define BPFCC_BACKEND_TARGET_KERNELVERSION_H

#include "llvm/ADT/StringRef.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace bpfcc::target {

/// A release of the Linux kernel: 6.1 is {6, 1}.
struct KernelVersion {
  uint8_t Major = 0;
  uint8_t Minor = 0;
  auto operator<=>(const KernelVersion &) const = default;
};

std::string toString(KernelVersion V);

/// Reads `6.1`; what follows a second dot or a dash (`6.1.0-25-amd64`) is
/// ignored. Nothing for any other text.
std::optional<KernelVersion> parseKernelVersion(llvm::StringRef Text);

/// What a kernel can do, one for each row of kernels.def.
enum class Feature : uint8_t {
#define KERNEL_FEATURE(Name, Major, Minor, Text) Name,
#include "backend/target/kernels.def"
};

struct FeatureInfo {
  const char *Name;
  KernelVersion Since;
  const char *Text; ///< for messages: `bounded loops`
};
const FeatureInfo &featureInfo(Feature F);
inline bool hasFeature(KernelVersion V, Feature F) {
  return V >= featureInfo(F).Since;
}

/// The highest -mcpu level (1 to 4) that \p V runs.
unsigned isaLevel(KernelVersion V);

/// How many instructions one program may have in \p V, as root.
unsigned instructionLimit(KernelVersion V);

} // namespace bpfcc::target

#endif
