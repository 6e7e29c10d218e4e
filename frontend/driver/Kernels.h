#ifndef BPFCC_FRONTEND_DRIVER_KERNELS_H
#define BPFCC_FRONTEND_DRIVER_KERNELS_H

#include "backend/target/KernelProfile.h"

#include <vector>

namespace llvm::vfs {
class FileSystem;
}

namespace bpfcc {

/// Reads the value of `-mkernel=`: releases of Linux (`6.1`) and files that
/// `bpftool feature probe -j` wrote, separated by commas. Error: UnknownKernel.
llvm::Expected<std::vector<target::KernelProfile>>
readKernels(llvm::StringRef Value, llvm::vfs::FileSystem &Files);

/// The releases that code is verified for: those of \p Kernels, newest first.
/// If there are none, an old one that distributions still maintain and a recent
/// one.
std::vector<target::KernelVersion>
verifiedReleases(const std::vector<target::KernelProfile> &Kernels);

/// The highest -mcpu level that all of \p Kernels run; there is one at least.
unsigned isaLevel(const std::vector<target::KernelProfile> &Kernels);

} // namespace bpfcc

#endif
