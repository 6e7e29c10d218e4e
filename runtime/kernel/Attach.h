#ifndef BPFCC_RUNTIME_KERNEL_ATTACH_H
#define BPFCC_RUNTIME_KERNEL_ATTACH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bpfcc {

/// Where programs are attached that their section does not say it of.
struct AttachOptions {
  std::string Prog;   ///< the only program to load; empty: all
  std::string Iface;  ///< XDP, tc and socket filters
  std::string Cgroup; ///< folder of a cgroup
  /// CONFIG_ variables that are not as the kernel says.
  std::map<std::string, std::string> Kconfig;
};

/// An object in the kernel of this machine, loaded by libbpf. What it attaches
/// is held by file descriptors alone, so it ends with this value or with the
/// process, however that ends. Errors are KernelRefuses or RunError.
class KernelObject {
public:
  static llvm::Expected<std::unique_ptr<KernelObject>>
  load(llvm::StringRef File, llvm::ArrayRef<uint8_t> Bytes,
       const AttachOptions &Options);
  ~KernelObject();

  /// Attaches every loaded program.
  llvm::Error attach();

  struct Attached {
    std::string Name, Section;
  };
  const std::vector<Attached> &attached() const;

  /// The file descriptor of a map, -1 if there is none of that name.
  int mapFd(llvm::StringRef Name) const;
  /// The file descriptor of a loaded program, or -1.
  int progFd(llvm::StringRef Name) const;

  /// Bytes of a lookup in that map: one value, or one for each processor.
  size_t valueSize(llvm::StringRef Name) const;

  using EventHandler = std::function<void(llvm::ArrayRef<uint8_t>)>;
  /// Hands each record of \p Map, a ring buffer or a perf event array, to \p
  /// Handler in pollEvents().
  llvm::Error readEvents(llvm::StringRef Map, EventHandler Handler);
  void pollEvents();

  /// Runs each iterator once, and hands what they print to \p Handler. False
  /// if all that is attached are iterators, so that nothing is to be waited
  /// for.
  llvm::Expected<bool>
  runIterators(llvm::function_ref<void(llvm::StringRef)> Handler);

private:
  struct State;
  explicit KernelObject(std::unique_ptr<State> S);
  std::unique_ptr<State> S;
};

} // namespace bpfcc

#endif
