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

/// True if there is such a release and it has bpf(2).
bool isRelease(KernelVersion V);

/// Reads `6.1`; what follows a second dot or a dash (`6.1.0-25-amd64`) is
/// ignored. Nothing for any other text.
std::optional<KernelVersion> parseKernelVersion(llvm::StringRef Text);

/// What a kernel can do, one for each row of kernels.def.
enum class Feature : uint8_t {
#define KERNEL_FEATURE(Name, ...) Name,
#include "backend/target/kernels.def"
};

/// How many rows kernels.def has.
constexpr unsigned NumFeatures = 0
#define KERNEL_FEATURE(...) +1
#include "backend/target/kernels.def"
    ;

struct FeatureInfo {
  const char *Name;
  KernelVersion Since;
  const char *Probe; ///< its name in `bpftool feature probe -j`, or empty
  const char *Text;  ///< for messages: `bounded loops`
};
const FeatureInfo &featureInfo(Feature F);
inline bool hasFeature(KernelVersion V, Feature F) {
  return V >= featureInfo(F).Since;
}

/// How many instructions one program may have in \p V, as root.
unsigned instructionLimit(KernelVersion V);

} // namespace bpfcc::target

#endif
