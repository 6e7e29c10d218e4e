#include "frontend/headers/HeaderPack.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"

namespace bpfcc {

using llvm::support::endian::read32le;

static constexpr uint32_t Magic = 0x48465042; // "BPFH"
static constexpr size_t HeadSize = 8;
static constexpr size_t EntrySize = 20;

static llvm::Error damaged() {
  return llvm::createStringError("the built-in header pack is damaged");
}

llvm::Expected<HeaderPack> HeaderPack::open(llvm::ArrayRef<uint8_t> Blob) {
  if (Blob.size() < HeadSize || read32le(Blob.data()) != Magic)
    return damaged();
  HeaderPack Pack;
  Pack.Blob = Blob;
  Pack.Count = read32le(Blob.data() + 4);
  if ((Blob.size() - HeadSize) / EntrySize < Pack.Count)
    return damaged();
  auto InBlob = [&](uint32_t Offset, uint32_t Size) {
    return Offset <= Blob.size() && Size <= Blob.size() - Offset;
  };
  for (uint32_t I = 0; I < Pack.Count; ++I) {
    const uint8_t *P = Blob.data() + HeadSize + I * EntrySize;
    if (!InBlob(read32le(P), read32le(P + 4)) ||
        !InBlob(read32le(P + 8), read32le(P + 12)))
      return damaged();
    if (I && !(Pack.entry(I - 1).Name < Pack.entry(I).Name))
      return damaged();
  }
  return Pack;
}

HeaderPack::Entry HeaderPack::entry(uint32_t Index) const {
  const uint8_t *P = Blob.data() + HeadSize + Index * EntrySize;
  Entry E;
  E.Name = llvm::toStringRef(Blob.slice(read32le(P), read32le(P + 4)));
  E.Data = Blob.slice(read32le(P + 8), read32le(P + 12));
  E.RawSize = read32le(P + 16);
  E.Index = Index;
  return E;
}

uint32_t HeaderPack::lowerBound(llvm::StringRef Name) const {
  uint32_t Low = 0, High = Count;
  while (Low < High) {
    uint32_t Middle = Low + (High - Low) / 2;
    if (entry(Middle).Name < Name)
      Low = Middle + 1;
    else
      High = Middle;
  }
  return Low;
}

std::optional<HeaderPack::Entry> HeaderPack::find(llvm::StringRef Name) const {
  uint32_t I = lowerBound(Name);
  if (I == Count || entry(I).Name != Name)
    return std::nullopt;
  return entry(I);
}

bool HeaderPack::hasFolder(llvm::StringRef Name) const {
  if (Name.empty())
    return Count != 0;
  std::string Prefix = (Name + "/").str();
  uint32_t I = lowerBound(Prefix);
  return I != Count && entry(I).Name.starts_with(Prefix);
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
HeaderPack::read(const Entry &E, const llvm::Twine &BufferName) {
  auto Buffer =
      llvm::WritableMemoryBuffer::getNewUninitMemBuffer(E.RawSize, BufferName);
  if (!Buffer)
    return llvm::errorCodeToError(
        std::make_error_code(std::errc::not_enough_memory));
  size_t Size = E.RawSize;
  auto *To = reinterpret_cast<uint8_t *>(Buffer->getBufferStart());
  if (llvm::Error Err = llvm::compression::zstd::decompress(E.Data, To, Size))
    return std::move(Err);
  if (Size != E.RawSize)
    return damaged();
  return std::unique_ptr<llvm::MemoryBuffer>(std::move(Buffer));
}

std::vector<uint8_t>
makeHeaderPack(const std::map<std::string, std::string> &Files) {
  std::vector<uint8_t> Blob(HeadSize + Files.size() * EntrySize);
  llvm::support::endian::write32le(Blob.data(), Magic);
  llvm::support::endian::write32le(Blob.data() + 4, uint32_t(Files.size()));
  size_t At = HeadSize;
  auto Field = [&](size_t Value) {
    llvm::support::endian::write32le(Blob.data() + At, uint32_t(Value));
    At += 4;
  };
  for (const auto &[Name, Text] : Files) {
    llvm::SmallVector<uint8_t, 0> Small;
    llvm::compression::zstd::compress(
        llvm::arrayRefFromStringRef(Text), Small,
        llvm::compression::zstd::BestSizeCompression);
    Field(Blob.size());
    Field(Name.size());
    Blob.insert(Blob.end(), Name.begin(), Name.end());
    Field(Blob.size());
    Field(Small.size());
    Blob.insert(Blob.end(), Small.begin(), Small.end());
    Field(Text.size());
  }
  return Blob;
}

} // namespace bpfcc
