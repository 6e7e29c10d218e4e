#include "backend/btf/BtfWriter.h"

#include "llvm/Support/EndianStream.h"

namespace bpfcc::btf {

using namespace llvm;

constexpr uint32_t HeaderSize = 24;

uint32_t Writer::string(StringRef S) {
  if (S.empty())
    return 0;
  auto [It, New] = Offsets.try_emplace(S, Strings.size());
  if (New) {
    Strings += S;
    Strings += '\0';
  }
  return It->second;
}

std::vector<uint8_t> Writer::encode(bool BigEndian) const {
  SmallVector<char, 0> Bytes;
  raw_svector_ostream OS(Bytes);
  support::endian::Writer W(OS,
                            BigEndian ? endianness::big : endianness::little);
  uint32_t Words = 0;
  for (const Type &T : Types)
    Words += 3 + uint32_t(T.Words.size());
  W.write<uint16_t>(Magic);
  W.write<uint8_t>(1);
  W.write<uint8_t>(0);
  W.write<uint32_t>(HeaderSize);
  W.write<uint32_t>(0);
  W.write<uint32_t>(Words * 4);
  W.write<uint32_t>(Words * 4);
  W.write<uint32_t>(uint32_t(Strings.size()));
  for (const Type &T : Types) {
    W.write<uint32_t>(T.Name);
    W.write<uint32_t>(uint32_t(T.Flag) << 31 | T.K << 24 | T.Length);
    W.write<uint32_t>(T.SizeOrType);
    for (uint32_t Word : T.Words)
      W.write<uint32_t>(Word);
  }
  OS << Strings;
  return {Bytes.begin(), Bytes.end()};
}

} // namespace bpfcc::btf
