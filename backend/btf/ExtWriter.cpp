#include "backend/btf/ExtWriter.h"

#include "llvm/Support/EndianStream.h"

namespace bpfcc::btf {

using namespace llvm;

constexpr uint32_t HeaderSize = 32;
constexpr uint32_t MaxColumn = 1023; ///< line and column share a word

void ExtWriter::Section::addLine(uint32_t At, uint32_t File, uint32_t Text,
                                 uint32_t Line, uint32_t Column) {
  Lines.insert(Lines.end(),
               {At, File, Text, Line << 10 | std::min(Column, MaxColumn)});
}

bool ExtWriter::empty() const {
  return all_of(Sections, [](const auto &S) {
    return S.second.Functions.empty() && S.second.Lines.empty() &&
           S.second.Relocations.empty();
  });
}

std::vector<uint8_t> ExtWriter::encode(Writer &W, bool BigEndian) const {
  struct Part {
    std::vector<uint32_t> Section::*Records;
    uint32_t RecordWords;
  };
  constexpr Part Parts[] = {{&Section::Functions, 2},
                            {&Section::Lines, 4},
                            {&Section::Relocations, 4}};
  SmallVector<char, 0> Bytes;
  raw_svector_ostream OS(Bytes);
  support::endian::Writer Out(OS,
                              BigEndian ? endianness::big : endianness::little);
  Out.write<uint16_t>(Magic);
  Out.write<uint8_t>(1);
  Out.write<uint8_t>(0);
  Out.write<uint32_t>(HeaderSize);
  uint32_t Start = 0;
  for (const Part &P : Parts) {
    uint32_t Words = 0;
    for (const auto &[Name, S] : Sections)
      if (!(S.*P.Records).empty())
        Words += 2 + uint32_t((S.*P.Records).size());
    uint32_t Size = Words ? (Words + 1) * 4 : 0;
    Out.write<uint32_t>(Start);
    Out.write<uint32_t>(Size);
    Start += Size;
  }
  for (const Part &P : Parts) {
    bool First = true;
    for (const auto &[Name, S] : Sections) {
      const std::vector<uint32_t> &Records = S.*P.Records;
      if (Records.empty())
        continue;
      if (First)
        Out.write<uint32_t>(P.RecordWords * 4);
      First = false;
      Out.write<uint32_t>(W.string(Name));
      Out.write<uint32_t>(uint32_t(Records.size()) / P.RecordWords);
      for (uint32_t Word : Records)
        Out.write<uint32_t>(Word);
    }
  }
  return {Bytes.begin(), Bytes.end()};
}

} // namespace bpfcc::btf
