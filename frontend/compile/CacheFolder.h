#ifndef BPFCC_FRONTEND_COMPILE_CACHEFOLDER_H
#define BPFCC_FRONTEND_COMPILE_CACHEFOLDER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace bpfcc {

/// A folder of things that take long to make, each under a key that says all
/// that it depends on. Any number of processes may use it at once. A cache is
/// no reason to fail: what cannot be read or written is as if it were not
/// there.
class CacheFolder {
public:
  /// \p Path is made, for its owner alone, when something is written. Entries
  /// that were not used for longest go when all take more than \p MostBytes.
  explicit CacheFolder(llvm::StringRef Path, uint64_t MostBytes = uint64_t(512)
                                                                  << 20)
      : Path(Path), MostBytes(MostBytes) {}

  /// What is stored under \p Key, which counts as used now. Null if there is
  /// nothing, or if it is not what was stored.
  std::unique_ptr<llvm::MemoryBuffer> find(llvm::StringRef Key) const;

  /// Lets \p Make write a file of the given name, and stores it under \p Key,
  /// if that was missed before and nobody else is at it. The first time, the
  /// key is only noted: what is used once would pay for the making alone. What
  /// \p Make has failed to make is not tried again for some minutes.
  void offer(llvm::StringRef Key,
             llvm::function_ref<bool(const std::string &)> Make) const;

private:
  std::string file(llvm::StringRef Key, llvm::StringRef Ending) const;
  void prune() const;

  std::string Path;
  uint64_t MostBytes;
};

} // namespace bpfcc

#endif
