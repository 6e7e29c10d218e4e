#include "runtime/maps/PrefixTrie.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace llvm;

namespace bpfcc {

PrefixTrie::PrefixTrie(uint32_t Bytes)
    : WordsEach(uint32_t(divideCeil(std::max(Bytes, 1u), 8))),
      Root(make(Words(WordsEach), 0, 0)) {}

PrefixTrie::Words PrefixTrie::wordsOf(ArrayRef<uint8_t> Data) const {
  Words String(WordsEach);
  for (size_t N = 0; N != Data.size(); ++N)
    String[N / 8] |= uint64_t(Data[N]) << (56 - N % 8 * 8);
  return String;
}

PrefixTrie::Node *PrefixTrie::make(const Words &String, uint32_t Length,
                                   uint64_t Number) {
  size_t Size = sizeof(Node) + WordsEach * sizeof(uint64_t);
  Node *N = new (Memory.Allocate(Size, alignof(Node))) Node;
  N->Length = Length;
  N->Number.store(Number, std::memory_order_relaxed);
  llvm::copy(String, N->string());
  ++NumNodes;
  NumSet += Number != 0;
  return N;
}

uint32_t PrefixTrie::common(const Node &N, const Words &String) {
  const uint64_t *Own = N.string();
  for (uint32_t Bit = 0; Bit < N.Length; Bit += 64)
    if (uint64_t Differs = Own[Bit / 64] ^ String[Bit / 64])
      return std::min(N.Length, Bit + uint32_t(countl_zero(Differs)));
  return N.Length;
}

static bool bit(const uint64_t *String, uint32_t Bit) {
  return String[Bit / 64] >> (63 - Bit % 64) & 1;
}

void PrefixTrie::set(ArrayRef<uint8_t> Data, uint32_t Length, uint64_t Number) {
  Words String = wordsOf(Data);
  Node *Above = Root;
  while (Above->Length != Length) {
    std::atomic<Node *> &Link = Above->Child[bit(String.data(), Above->Length)];
    Node *Below = Link.load(std::memory_order_relaxed);
    if (!Below) {
      Link.store(make(String, Length, Number), std::memory_order_release);
      return;
    }
    uint32_t Same = std::min(common(*Below, String), Length);
    if (Same < Below->Length) { // a node between the two
      Node *Between = make(String, Same, 0);
      Between->Child[bit(Below->string(), Same)].store(
          Below, std::memory_order_relaxed);
      Link.store(Between, std::memory_order_release);
      Below = Between;
    }
    Above = Below;
  }
  NumSet += !Above->Number.load(std::memory_order_relaxed);
  Above->Number.store(Number, std::memory_order_release);
}

void PrefixTrie::erase(ArrayRef<uint8_t> Data, uint32_t Length) {
  Words String = wordsOf(Data);
  Node *N = Root;
  while (N->Length != Length)
    N = N->Child[bit(String.data(), N->Length)].load(std::memory_order_relaxed);
  N->Number.store(0, std::memory_order_relaxed);
  --NumSet;
}

uint64_t PrefixTrie::find(ArrayRef<uint8_t> Data, uint32_t Length) const {
  Words String = wordsOf(Data);
  uint64_t Found = 0;
  const Node *N = Root;
  do {
    if (N->Length > Length || common(*N, String) != N->Length)
      break;
    if (uint64_t Number = N->Number.load(std::memory_order_acquire))
      Found = Number;
    if (N->Length == Length)
      break;
    N = N->Child[bit(String.data(), N->Length)].load(std::memory_order_acquire);
  } while (N);
  return Found;
}

} // namespace bpfcc
