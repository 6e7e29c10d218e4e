#include "frontend/driver/Kernels.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace bpfcc {

using namespace llvm;
using target::KernelProfile;

static Error unknown(StringRef Kernel, const Twine &Why) {
  return withHelp(
      diagError(DiagCode::UnknownKernel, {}, Kernel, Why.str()),
      "give a release as 6.1 or a file that `bpftool feature probe -j` wrote");
}

static Expected<KernelProfile> readKernel(StringRef Text,
                                          vfs::FileSystem &Files) {
  if (auto Version = target::parseKernelVersion(Text)) {
    if (!target::isRelease(*Version))
      return unknown(Text,
                     "there is no Linux " + toString(*Version) + " with BPF");
    return target::profileOf(*Version);
  }
  auto Buffer = Files.getBufferForFile(Text);
  if (!Buffer)
    return unknown(Text, "neither a release of Linux nor a file: " +
                             Buffer.getError().message());
  auto Profile = target::readFeatureProbe((*Buffer)->getBuffer(), Text);
  if (!Profile)
    return unknown(Text, toString(Profile.takeError()));
  return Profile;
}

Expected<std::vector<KernelProfile>> readKernels(StringRef Value,
                                                 vfs::FileSystem &Files) {
  SmallVector<StringRef, 2> Words;
  Value.split(Words, ',');
  std::vector<KernelProfile> Kernels;
  for (StringRef Word : Words) {
    auto Kernel = readKernel(Word, Files);
    if (!Kernel)
      return Kernel.takeError();
    Kernels.push_back(std::move(*Kernel));
  }
  return Kernels;
}

std::vector<target::KernelVersion>
verifiedReleases(const std::vector<KernelProfile> &Kernels) {
  if (Kernels.empty())
    return {{6, 12}, {5, 15}};
  std::vector<target::KernelVersion> Releases;
  for (const KernelProfile &K : Kernels)
    Releases.push_back(K.Release);
  llvm::sort(Releases, std::greater<>());
  Releases.erase(llvm::unique(Releases), Releases.end());
  return Releases;
}

unsigned isaLevel(const std::vector<KernelProfile> &Kernels) {
  unsigned Level = Kernels.front().isaLevel();
  for (const KernelProfile &K : Kernels)
    Level = std::min(Level, K.isaLevel());
  return Level;
}

} // namespace bpfcc
