// Equal input gives equal bytes, in any folder. Debug information records how
// each file was named and from where the compiler was started:
//
//   cd /home/ann/proj; bpfcc src/a.c         src/a.c, directory /home/ann/proj
//   bpfcc /home/bob/proj/src/a.c             /home/bob/proj/src/a.c
//
// Both become a.c, directory "."; a header ../include/b.h beside src stays
// ../include/b.h. A folder that the user gave by -ffile-prefix-map,
// -fdebug-prefix-map or -fdebug-compilation-dir is no place on this machine,
// and is named as given.

#include "frontend/compile/SourcePaths.h"

#include "frontend/headers/HeaderFileSystem.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <optional>

namespace bpfcc {

namespace path = llvm::sys::path;

static std::string absolute(llvm::StringRef Name, llvm::StringRef Folder) {
  llvm::SmallString<256> Full(Name);
  if (!path::is_absolute(Name)) {
    Full = Folder;
    path::append(Full, Name);
  }
  path::remove_dots(Full, /*remove_dot_dot=*/true);
  return Full.str().str();
}

static bool belongsToSystem(llvm::StringRef Path) {
  return Path.starts_with("/usr/") ||
         Path.starts_with((HeaderRoot + "/").str());
}

/// The path that opens \p Path, which lies in a folder that the user named
/// instead of the real one; nothing if it lies in none.
static std::optional<std::string> realPath(llvm::StringRef Path,
                                           llvm::ArrayRef<FolderName> Given) {
  for (const FolderName &F : Given) {
    llvm::StringRef Rest = Path;
    if (path::is_absolute(F.Name) &&
        Rest.consume_front(llvm::StringRef(F.Name).rtrim('/')) &&
        Rest.starts_with("/"))
      return llvm::StringRef(F.Real).rtrim('/').str() + Rest.str();
  }
  return std::nullopt;
}

/// `/a/b/c.h` seen from `/a/d` is `../b/c.h`.
static std::string relativeTo(llvm::StringRef Path, llvm::StringRef Folder) {
  auto P = path::begin(Path), PE = path::end(Path);
  auto F = path::begin(Folder), FE = path::end(Folder);
  while (P != PE && F != FE && *P == *F) {
    ++P;
    ++F;
  }
  llvm::SmallString<256> Result;
  for (; F != FE; ++F)
    path::append(Result, "..");
  for (; P != PE; ++P)
    path::append(Result, *P);
  return Result.str().str();
}

/// Every DIFile that \p M can reach, each once, in an order that the module
/// decides.
static llvm::SetVector<llvm::DIFile *> filesOf(llvm::Module &M) {
  llvm::SetVector<llvm::DIFile *> Found;
  llvm::SmallVector<const llvm::Metadata *, 64> Work;
  llvm::DenseSet<const llvm::Metadata *> Seen;
  auto Push = [&](const llvm::Metadata *MD) {
    if (MD && llvm::isa<llvm::MDNode>(MD) && Seen.insert(MD).second)
      Work.push_back(MD);
  };
  for (const llvm::NamedMDNode &Named : M.named_metadata())
    for (const llvm::MDNode *Node : Named.operands())
      Push(Node);
  llvm::SmallVector<std::pair<unsigned, llvm::MDNode *>, 4> Attached;
  auto PushAttached = [&](const auto &Value) {
    Attached.clear();
    Value.getAllMetadata(Attached);
    for (auto &[Kind, Node] : Attached)
      Push(Node);
  };
  for (const llvm::GlobalVariable &G : M.globals())
    PushAttached(G);
  for (const llvm::Function &F : M) {
    PushAttached(F);
    for (const llvm::BasicBlock &B : F)
      for (const llvm::Instruction &I : B) {
        PushAttached(I);
        for (const llvm::DbgRecord &R : I.getDbgRecordRange()) {
          Push(R.getDebugLoc().get());
          if (auto *V = llvm::dyn_cast<llvm::DbgVariableRecord>(&R))
            Push(V->getVariable());
        }
      }
  }
  while (!Work.empty()) {
    const auto *Node = llvm::cast<llvm::MDNode>(Work.pop_back_val());
    if (auto *File = llvm::dyn_cast<llvm::DIFile>(Node))
      Found.insert(const_cast<llvm::DIFile *>(File));
    for (const llvm::MDOperand &Op : Node->operands())
      Push(Op.get());
  }
  return Found;
}

std::map<std::string, std::string>
makePathsPortable(llvm::Module &M, llvm::StringRef Input,
                  llvm::vfs::FileSystem &Files,
                  llvm::ArrayRef<FolderName> Given) {
  std::map<std::string, std::string> Paths;
  auto Current = Files.getCurrentWorkingDirectory();
  if (!Current)
    return Paths;
  std::string Start = path::parent_path(absolute(Input, *Current)).str();
  auto Portable = [&](llvm::StringRef Full) {
    return belongsToSystem(Full) ? Full.str() : relativeTo(Full, Start);
  };

  if (M.getSourceFileName() != "<stdin>" && M.getSourceFileName() != "-")
    M.setSourceFileName(Portable(absolute(M.getSourceFileName(), *Current)));
  for (llvm::DIFile *File : filesOf(M)) {
    llvm::StringRef Folder = File->getDirectory();
    llvm::StringRef Name = File->getFilename();
    bool Ours = Folder.empty() || Folder == "." || path::is_absolute(Folder);
    if (!Ours || Name.empty() || Name.starts_with("<"))
      continue;
    std::string Full =
        absolute(Name, path::is_absolute(Folder) ? Folder.str() : *Current);
    auto Real = realPath(Full, Given);
    std::string New = Real ? Full : Portable(Full);
    bool FromHere = !path::is_absolute(Name) &&
                    (!path::is_absolute(Folder) || Folder == *Current);
    if (Real || New != Full)
      Paths[New] = Real ? *Real : FromHere ? Name.str() : Full;
    File->replaceOperandWith(0, llvm::MDString::get(M.getContext(), New));
    File->replaceOperandWith(1, llvm::MDString::get(M.getContext(), "."));
  }
  return Paths;
}

} // namespace bpfcc
