#ifndef BPFCC_FRONTEND_COMPILE_SOURCEPATHS_H
#define BPFCC_FRONTEND_COMPILE_SOURCEPATHS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <map>
#include <string>

namespace llvm {
class Module;
namespace vfs {
class FileSystem;
}
} // namespace llvm

namespace bpfcc {

/// A folder that debug information is to name otherwise than it is called.
struct FolderName {
  std::string Name, Real;
};

/// Makes the file names in \p M independent of where the sources lie: names
/// are relative to the folder of the main source file \p Input, with "." as
/// the compilation folder; files of the system (/usr/...) and the headers in
/// the box keep their absolute names, and so does what lies in a folder of
/// \p Given, which the user named instead of the real one. Returns, for each
/// name that changed, the path that opens the file.
std::map<std::string, std::string>
makePathsPortable(llvm::Module &M, llvm::StringRef Input,
                  llvm::vfs::FileSystem &Files,
                  llvm::ArrayRef<FolderName> Given);

} // namespace bpfcc

#endif
