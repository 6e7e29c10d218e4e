#ifndef BPFCC_FRONTEND_HEADERS_HEADERPACK_H
#define BPFCC_FRONTEND_HEADERS_HEADERPACK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The headers in the box. A pack is one read-only blob, little-endian:
//
//   u32 Magic, u32 Count,
//   Count x { u32 NameOffset, u32 NameSize, u32 DataOffset, u32 DataSize,
//             u32 RawSize }                 sorted by name,
//   names and zstd-compressed file contents.
//
// Offsets count from the start of the blob. Each file is compressed alone, so
// that opening one costs only that one.

namespace bpfcc {

/// Reads a pack in place; the blob must outlive it.
class HeaderPack {
public:
  struct Entry {
    llvm::StringRef Name; ///< path from the pack's root, `linux/bpf.h`
    llvm::ArrayRef<uint8_t> Data;
    uint32_t RawSize = 0; ///< bytes after decompression
    uint32_t Index = 0;
  };

  /// Checks the frame of \p Blob: magic, bounds and order.
  static llvm::Expected<HeaderPack> open(llvm::ArrayRef<uint8_t> Blob);

  uint32_t size() const { return Count; }
  Entry entry(uint32_t Index) const;
  std::optional<Entry> find(llvm::StringRef Name) const;
  /// True if some file lies below the folder \p Name; the root is "".
  bool hasFolder(llvm::StringRef Name) const;

  /// Decompresses one file into a buffer named \p BufferName.
  static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
  read(const Entry &E, const llvm::Twine &BufferName);

private:
  uint32_t lowerBound(llvm::StringRef Name) const;

  llvm::ArrayRef<uint8_t> Blob;
  uint32_t Count = 0;
};

/// Makes the blob from name -> contents.
std::vector<uint8_t>
makeHeaderPack(const std::map<std::string, std::string> &Files);

} // namespace bpfcc

#endif
