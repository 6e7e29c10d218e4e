#include "backend/btf/BtfExt.h"

#include "backend/isa/Encoding.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace bpfcc::btf {

using namespace llvm;

constexpr uint32_t SlotBytes = 8;

std::vector<uint32_t> byteOffsets(const CodeFunction &F) {
  std::vector<uint32_t> Offsets;
  uint32_t At = 0;
  for (const isa::Inst &I : F.Insts) {
    Offsets.push_back(At);
    At += isa::slots(I.Opcode) * SlotBytes;
  }
  return Offsets;
}

ExtBuilder::ExtBuilder(Writer &W, const SourceFiles &Sources)
    : W(W), Sources(Sources) {}

ExtBuilder::~ExtBuilder() = default;

/// Null if there is no such file.
std::unique_ptr<MemoryBuffer> ExtBuilder::open(const std::string &File) const {
  if (auto Text = Sources.Texts.find(File); Text != Sources.Texts.end())
    return MemoryBuffer::getMemBuffer(Text->second);
  auto Found = Sources.Paths.find(File);
  const std::string &Path = Found == Sources.Paths.end() ? File : Found->second;
  // `#line 1 "/dev/zero"` names a file without an end.
  if (!sys::fs::is_regular_file(Path))
    return nullptr;
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true,
                                      /*RequiresNullTerminator=*/false);
  return Buffer ? std::move(*Buffer) : nullptr;
}

StringRef ExtBuilder::sourceLine(const std::string &File, uint32_t Line) {
  auto [It, New] = Files.try_emplace(File);
  Source &S = It->second;
  if (New) {
    S.Buffer = open(File);
    StringRef Rest = S.Buffer ? S.Buffer->getBuffer() : StringRef();
    while (!Rest.empty()) {
      auto [First, Other] = Rest.split('\n');
      S.Lines.push_back(First.rtrim("\r"));
      Rest = Other;
    }
  }
  return Line && Line <= S.Lines.size() ? S.Lines[Line - 1] : StringRef();
}

void ExtBuilder::addLine(const std::string &Section, uint64_t At,
                         const std::string &File, uint32_t Line,
                         uint32_t Column) {
  uint32_t Name = W.string(File);
  uint32_t Text = W.string(sourceLine(File, Line));
  Out.section(Section).addLine(uint32_t(At), Name, Text, Line, Column);
}

void ExtBuilder::addFunction(const CodeFunction &F, uint64_t At,
                             uint32_t FuncType, const Place &Definition) {
  Out.section(F.Section).addFunction(uint32_t(At), FuncType);
  if (F.Lines.empty())
    return addLine(F.Section, At, Definition.File, Definition.Line, 0);
  std::vector<uint32_t> Offsets = byteOffsets(F);
  for (const CodeLine &L : F.Lines)
    addLine(F.Section, At + Offsets[L.Inst], L.File, L.Line, L.Column);
}

void ExtBuilder::addRelocation(const std::string &Section, uint64_t At,
                               uint32_t Type, const mir::CoreRelo &Relo) {
  uint32_t Access = W.string(Relo.Access);
  Out.section(Section).addRelocation(uint32_t(At), Type, Access, Relo.Kind);
}

} // namespace bpfcc::btf
