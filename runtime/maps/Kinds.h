#ifndef BPFCC_RUNTIME_MAPS_KINDS_H
#define BPFCC_RUNTIME_MAPS_KINDS_H

// What createMap chooses from, one function for each implementation. All take
// a definition that has passed createMap's checks.

#include "runtime/maps/Map.h"

namespace bpfcc {

std::unique_ptr<Map> makeArray(const MapDef &Def, Memory &Mem, bool PerCpu);
std::unique_ptr<Map> makeHash(const MapDef &Def, Memory &Mem, bool PerCpu,
                              bool Lru);
std::unique_ptr<Map> makeLpmTrie(const MapDef &Def, Memory &Mem);
std::unique_ptr<Map> makeQueue(const MapDef &Def, Memory &Mem, bool Stack);
std::unique_ptr<Map> makeBloomFilter(const MapDef &Def, Memory &Mem);

/// Arrays and hashes whose elements stand for something: programs, maps,
/// devices, sockets, CPUs, perf events.
std::unique_ptr<Map> makeReferenceArray(const MapDef &Def, Memory &Mem);
std::unique_ptr<Map> makeReferenceHash(const MapDef &Def, Memory &Mem);

std::unique_ptr<Map> makeStackTrace(const MapDef &Def, Memory &Mem);

/// ENOTSUPP, which the kernel means to keep to itself but lets user space see.
constexpr int InternalNoSupport = 524;

namespace mapflags {
constexpr uint64_t Any = 0;
constexpr uint64_t NoExist = 1;
constexpr uint64_t Exist = 2;
constexpr uint64_t Lock = 4;

constexpr uint32_t NoPrealloc = 1u << 0;
constexpr uint32_t NoCommonLru = 1u << 1;
constexpr uint32_t NumaNode = 1u << 2;
constexpr uint32_t ReadOnly = 1u << 3;
constexpr uint32_t WriteOnly = 1u << 4;
constexpr uint32_t StackBuildId = 1u << 5;
constexpr uint32_t ZeroSeed = 1u << 6;
constexpr uint32_t ReadOnlyProg = 1u << 7;
constexpr uint32_t WriteOnlyProg = 1u << 8;
constexpr uint32_t Clone = 1u << 9;
constexpr uint32_t Mmapable = 1u << 10;
constexpr uint32_t PreserveElems = 1u << 11;
constexpr uint32_t InnerMap = 1u << 12;
constexpr uint32_t Access = ReadOnly | WriteOnly | ReadOnlyProg | WriteOnlyProg;
} // namespace mapflags

} // namespace bpfcc

#endif
