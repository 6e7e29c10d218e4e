#include "frontend/lto/SourceLines.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

using namespace llvm;

namespace bpfcc {

constexpr StringLiteral MetadataName = "bpfcc.source.lines";

using LineSets = std::map<std::string, std::set<unsigned>>;

static LineSets namedLines(const Module &M) {
  LineSets Lines;
  for (const Function &F : M) {
    if (const DISubprogram *P = F.getSubprogram())
      Lines[P->getFilename().str()].insert(P->getLine());
    for (const Instruction &I : instructions(F))
      for (const DILocation *L = I.getDebugLoc(); L; L = L->getInlinedAt())
        Lines[L->getFilename().str()].insert(L->getLine());
  }
  return Lines;
}

void keepSourceLines(Module &M, const SourceNames &Paths,
                     const SourceNames &Texts) {
  LLVMContext &C = M.getContext();
  NamedMDNode *All = M.getOrInsertNamedMetadata(MetadataName);
  Type *Int = Type::getInt32Ty(C);
  for (const auto &[File, Wanted] : namedLines(M)) {
    std::unique_ptr<MemoryBuffer> Bytes;
    if (auto Text = Texts.find(File); Text != Texts.end()) {
      Bytes = MemoryBuffer::getMemBuffer(Text->second);
    } else {
      auto Path = Paths.find(File);
      StringRef Name = Path == Paths.end() ? StringRef(File) : Path->second;
      auto Opened = sys::fs::is_regular_file(Name)
                        ? MemoryBuffer::getFile(Name, /*IsText=*/true)
                        : std::make_error_code(std::errc::invalid_argument);
      if (!Opened)
        continue;
      Bytes = std::move(*Opened);
    }
    unsigned Number = 0;
    for (StringRef Line : split(Bytes->getBuffer(), '\n'))
      if (Wanted.count(++Number))
        All->addOperand(MDNode::get(
            C, {MDString::get(C, File),
                ConstantAsMetadata::get(ConstantInt::get(Int, Number)),
                MDString::get(C, Line)}));
  }
}

SourceNames takeSourceLines(Module &M) {
  SourceNames Texts;
  NamedMDNode *All = M.getNamedMetadata(MetadataName);
  if (!All)
    return Texts;
  std::map<std::string, std::map<uint64_t, StringRef>> Lines;
  for (const MDNode *N : All->operands()) {
    if (N->getNumOperands() != 3)
      continue;
    auto *File = dyn_cast_or_null<MDString>(N->getOperand(0));
    auto *Number = mdconst::dyn_extract_or_null<ConstantInt>(N->getOperand(1));
    auto *Text = dyn_cast_or_null<MDString>(N->getOperand(2));
    // What BTF can hold has 22 bits.
    if (File && Number && Text && Number->getValue().ult(1u << 22))
      Lines[File->getString().str()].try_emplace(Number->getZExtValue(),
                                                 Text->getString());
  }
  for (const auto &[File, Known] : Lines) {
    std::string &Text = Texts[File];
    uint64_t Next = 1;
    for (const auto &[Number, Line] : Known) {
      Text.append(Number - Next, '\n');
      Text += Line;
      Next = Number;
    }
  }
  All->eraseFromParent();
  return Texts;
}

SourceNames sourcePaths(const Module &M) {
  SourceNames Paths;
  DebugInfoFinder Finder;
  Finder.processModule(M);
  for (const DIScope *S : Finder.scopes()) {
    const DIFile *File = S->getFile();
    if (!File || File->getDirectory().empty() ||
        sys::path::is_absolute(File->getFilename()))
      continue;
    SmallString<128> Path(File->getDirectory());
    sys::path::append(Path, File->getFilename());
    Paths.try_emplace(File->getFilename().str(), Path.str());
  }
  return Paths;
}

} // namespace bpfcc
