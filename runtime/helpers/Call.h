#ifndef BPFCC_RUNTIME_HELPERS_CALL_H
#define BPFCC_RUNTIME_HELPERS_CALL_H

// One call of a helper, its arguments checked by the kinds that helpers.def
// gives them. A helper is a function from a Call to r0.

#include "backend/target/Helpers.h"
#include "runtime/helpers/Environment.h"

#include <array>
#include <optional>

namespace bpfcc {

struct Call {
  Environment &Env;
  const target::HelperInfo &Helper;
  std::array<uint64_t, 5> R{};    ///< the arguments as they came
  std::array<uint8_t *, 5> Mem{}; ///< host bytes of pointer arguments
  uint32_t MapNumber = ~0u;       ///< the map argument
  Map *M = nullptr;

  /// The error `bpf_x: What`.
  llvm::Error error(const llvm::Twine &What) const;
  uint64_t load(const uint8_t *Host, unsigned Size) const {
    return Env.Mem.load(Host, Size);
  }
  void store(uint8_t *Host, unsigned Size, uint64_t Value) const {
    Env.Mem.store(Host, Size, Value);
  }
};

/// What a helper gives: r0, or an error that ends the run.
using Result = llvm::Expected<uint64_t>;
using HelperFunction = Result (*)(Call &);

/// Checks \p C.R by the kinds of C.Helper; fills Mem and M.
llvm::Error checkArguments(Call &C);

/// ENOTSUPP, which user space's headers lack.
constexpr int NotSupported = 524;

/// Negative errno values as r0.
inline Result fail(int Errno) { return uint64_t(int64_t(-Errno)); }
inline Result status(int Value) { return uint64_t(int64_t(Value)); }

// By family; null if the helper is not of it.
HelperFunction mapHelper(llvm::StringRef Name);
HelperFunction storageHelper(llvm::StringRef Name);
HelperFunction eventHelper(llvm::StringRef Name);
HelperFunction timerHelper(llvm::StringRef Name);
HelperFunction absentHelper(llvm::StringRef Name);
HelperFunction textHelper(llvm::StringRef Name);
HelperFunction worldHelper(llvm::StringRef Name);
HelperFunction packetHelper(llvm::StringRef Name);
HelperFunction shapeHelper(llvm::StringRef Name);
HelperFunction checksumHelper(llvm::StringRef Name);
HelperFunction dynptrHelper(llvm::StringRef Name);

/// Of the kernel functions.
HelperFunction iteratorKfunc(llvm::StringRef Name);
HelperFunction dynptrKfunc(llvm::StringRef Name);
HelperFunction objectKfunc(llvm::StringRef Name);
HelperFunction listKfunc(llvm::StringRef Name);
HelperFunction rbtreeKfunc(llvm::StringRef Name);
HelperFunction arenaKfunc(llvm::StringRef Name);
HelperFunction throwKfunc(llvm::StringRef Name);

/// Gives one reference to the object at \p Guest back; the last one frees it.
/// Error if no object starts there.
llvm::Error dropObject(Call &C, uint64_t Guest);

/// Formats as bpf_trace_printk does. \p Args are the values in order. Nothing
/// if the kernel would refuse the format.
std::optional<std::string> formatPrintk(const Memory &Mem,
                                        llvm::StringRef Format,
                                        llvm::ArrayRef<uint64_t> Args);

/// The ones' complement sum of \p Bytes as 16-bit words of the guest's order,
/// added to \p Seed.
uint32_t checksumPartial(const Memory &Mem, llvm::ArrayRef<uint8_t> Bytes,
                         uint32_t Seed);
/// Folds a sum into 16 bits; the Internet checksum is its complement.
uint16_t checksumFold(uint32_t Sum);

} // namespace bpfcc

#endif
