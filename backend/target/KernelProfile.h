#ifndef BPFCC_BACKEND_TARGET_KERNELPROFILE_H
#define BPFCC_BACKEND_TARGET_KERNELPROFILE_H

#include "backend/target/KernelVersion.h"

#include "llvm/Support/Error.h"

#include <bitset>

namespace bpfcc::target {

/// What one kernel that a program is for can do.
struct KernelProfile {
  std::string Name; ///< for messages: `Linux 6.1`, or a file's name
  std::bitset<NumFeatures> Features;
  KernelVersion Release; ///< whose rules it has, beside the features

  bool has(Feature F) const { return Features[unsigned(F)]; }

  /// The highest -mcpu level (1 to 4) that it runs.
  unsigned isaLevel() const;
};

KernelProfile profileOf(KernelVersion V);

/// Reads \p Json, what `bpftool feature probe -j` printed on the machine that
/// the program is for; \p Name is the file's. What the probe asked the kernel
/// is taken from there; everything else is what the first release with the
/// newest of the probed helpers has, because who backports helpers backports
/// what came before. Error: text that says what is wrong with the file, without
/// its name.
llvm::Expected<KernelProfile> readFeatureProbe(llvm::StringRef Json,
                                               llvm::StringRef Name);

} // namespace bpfcc::target

#endif
