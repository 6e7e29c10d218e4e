#ifndef BPFCC_FRONTEND_DRIVER_LINKARGUMENTS_H
#define BPFCC_FRONTEND_DRIVER_LINKARGUMENTS_H

#include "frontend/driver/LinkPlan.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/Error.h"

namespace llvm::vfs {
class FileSystem;
}

namespace bpfcc {

/// The linker's options that Clang's table does not have: taken out of the
/// command line before Clang reads it, or found behind -Wl, and -Xlinker.
struct LinkWords {
  LinkPlan Plan;
  bool Any = false;

  /// Takes \p Words[I], and the next as its value if it has one; false if it is
  /// no option of the linker.
  bool take(llvm::ArrayRef<llvm::StringRef> Words, size_t &I);
};

/// Which files are objects or archives, by their ending or what they begin
/// with.
class ObjectFiles {
public:
  explicit ObjectFiles(llvm::vfs::FileSystem &Files) : Files(Files) {}
  bool contains(llvm::StringRef Name);

private:
  llvm::vfs::FileSystem &Files;
  llvm::StringMap<bool> Known;
};

/// Whether options of \p Args make Clang stop before its link step by itself.
bool stopsBeforeLink(const llvm::opt::InputArgList &Args);

/// Whether \p Args ask for -flto.
bool isLto(const llvm::opt::InputArgList &Args);

/// Whether \p Args, which do not stop before, end with a link: of several
/// inputs, of objects, or because options of the linker or -flto say so.
bool isLink(const llvm::opt::InputArgList &Args, const LinkWords &Words,
            ObjectFiles &Objects);

/// Whether something is compiled before the link.
bool hasSources(const LinkPlan &Plan);

/// Completes the plan of a link from \p Args, and takes what is only the link's
/// out of \p Clang, which \p Args were parsed from. Error: BadOption.
llvm::Expected<LinkPlan> planLink(const llvm::opt::InputArgList &Args,
                                  LinkWords Words, ObjectFiles &Objects,
                                  llvm::SmallVectorImpl<const char *> &Clang);

} // namespace bpfcc

#endif
