#include "runtime/maps/PrefixTrie.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace llvm;

namespace bpfcc {

PrefixTrie::PrefixTrie(uint32_t Bytes)
    : WordsEach(uint32_t(divideCeil(std::max(Bytes, 1u), 8))) {
  add(Words(WordsEach), 0, 0);
}

PrefixTrie::Words PrefixTrie::wordsOf(ArrayRef<uint8_t> Data) const {
  Words String(WordsEach);
  for (size_t N = 0; N != Data.size(); ++N)
    String[N / 8] |= uint64_t(Data[N]) << (56 - N % 8 * 8);
  return String;
}

uint32_t PrefixTrie::add(const Words &String, uint32_t Length,
                         uint64_t Number) {
  Nodes.push_back({Length, {0, 0}, Number});
  Strings.insert(Strings.end(), String.begin(), String.end());
  NumSet += Number != 0;
  return uint32_t(Nodes.size() - 1);
}

uint32_t PrefixTrie::common(uint32_t N, const Words &String) const {
  uint32_t Length = Nodes[N].Length;
  const uint64_t *Own = &Strings[size_t(N) * WordsEach];
  for (uint32_t Bit = 0; Bit < Length; Bit += 64)
    if (uint64_t Differs = Own[Bit / 64] ^ String[Bit / 64])
      return std::min(Length, Bit + uint32_t(countl_zero(Differs)));
  return Length;
}

static bool bit(const uint64_t *String, uint32_t Bit) {
  return String[Bit / 64] >> (63 - Bit % 64) & 1;
}

void PrefixTrie::set(ArrayRef<uint8_t> Data, uint32_t Length, uint64_t Number) {
  Words String = wordsOf(Data);
  uint32_t Above = 0;
  while (Nodes[Above].Length != Length) {
    bool Side = bit(String.data(), Nodes[Above].Length);
    uint32_t Below = Nodes[Above].Child[Side];
    if (!Below) {
      uint32_t Leaf = add(String, Length, Number);
      Nodes[Above].Child[Side] = Leaf;
      return;
    }
    uint32_t Same = std::min(common(Below, String), Length);
    if (Same < Nodes[Below].Length) { // a node between the two
      uint32_t Between = add(String, Same, 0);
      bool Old = bit(&Strings[size_t(Below) * WordsEach], Same);
      Nodes[Between].Child[Old] = Below;
      Nodes[Above].Child[Side] = Between;
      Below = Between;
    }
    Above = Below;
  }
  NumSet += !Nodes[Above].Number;
  Nodes[Above].Number = Number;
}

void PrefixTrie::erase(ArrayRef<uint8_t> Data, uint32_t Length) {
  Words String = wordsOf(Data);
  uint32_t N = 0;
  while (Nodes[N].Length != Length)
    N = Nodes[N].Child[bit(String.data(), Nodes[N].Length)];
  Nodes[N].Number = 0;
  --NumSet;
}

uint64_t PrefixTrie::find(ArrayRef<uint8_t> Data, uint32_t Length) const {
  Words String = wordsOf(Data);
  uint64_t Found = 0;
  uint32_t N = 0;
  do {
    if (Nodes[N].Length > Length || common(N, String) != Nodes[N].Length)
      break;
    if (Nodes[N].Number)
      Found = Nodes[N].Number;
    if (Nodes[N].Length == Length)
      break;
    N = Nodes[N].Child[bit(String.data(), Nodes[N].Length)];
  } while (N);
  return Found;
}

} // namespace bpfcc
