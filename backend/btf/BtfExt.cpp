#include "backend/btf/BtfExt.h"

#include "backend/isa/Encoding.h"

#include "llvm/Support/EndianStream.h"
#include "llvm/Support/MemoryBuffer.h"

namespace bpfcc::btf {

using namespace llvm;

constexpr uint32_t SlotBytes = 8;
constexpr uint32_t FuncWords = 2, LineWords = 4, ReloWords = 4;
constexpr uint32_t MaxColumn = 1023; ///< line and column share a word

std::vector<uint32_t> byteOffsets(const CodeFunction &F) {
  std::vector<uint32_t> Offsets;
  uint32_t At = 0;
  for (const isa::Inst &I : F.Insts) {
    Offsets.push_back(At);
    At += isa::slots(I.Opcode) * SlotBytes;
  }
  return Offsets;
}

ExtBuilder::ExtBuilder(Writer &W,
                       const std::map<std::string, std::string> &Sources)
    : W(W), Sources(Sources) {}

ExtBuilder::~ExtBuilder() = default;

StringRef ExtBuilder::sourceLine(const std::string &File, uint32_t Line) {
  auto [It, New] = Files.try_emplace(File);
  Source &S = It->second;
  if (New) {
    auto Path = Sources.find(File);
    auto Buffer = MemoryBuffer::getFile(
        Path == Sources.end() ? File : Path->second, /*IsText=*/true,
        /*RequiresNullTerminator=*/false);
    if (Buffer) {
      S.Buffer = std::move(*Buffer);
      StringRef Rest = S.Buffer->getBuffer();
      while (!Rest.empty()) {
        auto [First, Other] = Rest.split('\n');
        S.Lines.push_back(First.rtrim("\r"));
        Rest = Other;
      }
    }
  }
  return Line && Line <= S.Lines.size() ? S.Lines[Line - 1] : StringRef();
}

void ExtBuilder::addLine(const std::string &Section, uint64_t At,
                         const std::string &File, uint32_t Line,
                         uint32_t Column) {
  std::vector<uint32_t> &Words = Lines[Section];
  uint32_t Name = W.string(File);
  uint32_t Text = W.string(sourceLine(File, Line));
  Words.insert(Words.end(), {uint32_t(At), Name, Text,
                             Line << 10 | std::min(Column, MaxColumn)});
}

void ExtBuilder::addFunction(const CodeFunction &F, uint64_t At,
                             uint32_t FuncType, const Place &Definition) {
  std::vector<uint32_t> &Words = Functions[F.Section];
  Words.insert(Words.end(), {uint32_t(At), FuncType});
  if (F.Lines.empty())
    return addLine(F.Section, At, Definition.File, Definition.Line, 0);
  std::vector<uint32_t> Offsets = byteOffsets(F);
  for (const CodeLine &L : F.Lines)
    addLine(F.Section, At + Offsets[L.Inst], L.File, L.Line, L.Column);
}

void ExtBuilder::addRelocation(const std::string &Section, uint64_t At,
                               uint32_t Type, const mir::CoreRelo &Relo) {
  std::vector<uint32_t> &Words = Relocations[Section];
  Words.insert(Words.end(),
               {uint32_t(At), Type, W.string(Relo.Access), Relo.Kind});
}

std::vector<uint8_t> ExtBuilder::encode(bool BigEndian) const {
  SmallVector<char, 0> Bytes;
  raw_svector_ostream OS(Bytes);
  support::endian::Writer Out(OS,
                              BigEndian ? endianness::big : endianness::little);
  auto SizeOf = [](const Records &R) {
    uint32_t Words = R.empty() ? 0 : 1;
    for (const auto &[Name, Data] : R)
      Words += 2 + uint32_t(Data.size());
    return Words * 4;
  };
  auto Put = [&](const Records &R, uint32_t RecordWords) {
    if (R.empty())
      return;
    Out.write<uint32_t>(RecordWords * 4);
    for (const auto &[Name, Data] : R) {
      Out.write<uint32_t>(W.string(Name));
      Out.write<uint32_t>(uint32_t(Data.size()) / RecordWords);
      for (uint32_t Word : Data)
        Out.write<uint32_t>(Word);
    }
  };
  uint32_t FuncSize = SizeOf(Functions), LineSize = SizeOf(Lines),
           ReloSize = SizeOf(Relocations);
  Out.write<uint16_t>(Magic);
  Out.write<uint8_t>(1);
  Out.write<uint8_t>(0);
  Out.write<uint32_t>(32);
  Out.write<uint32_t>(0);
  Out.write<uint32_t>(FuncSize);
  Out.write<uint32_t>(FuncSize);
  Out.write<uint32_t>(LineSize);
  Out.write<uint32_t>(FuncSize + LineSize);
  Out.write<uint32_t>(ReloSize);
  Put(Functions, FuncWords);
  Put(Lines, LineWords);
  Put(Relocations, ReloWords);
  return {Bytes.begin(), Bytes.end()};
}

} // namespace bpfcc::btf
