// bpfcc/runtime.h for C++17 and later: the same functions with handles that
// free themselves, and without exceptions. runtime.h says what each does.
//
//     auto Object = bpfcc::runtime::Object::open("firewall.o");
//     if (!Object)
//       return report(Object.error().text());
//     auto World = bpfcc::runtime::Instance::load(*Object);
//     auto Xdp = World->program("firewall");
//     auto R = Xdp->run(Packet.data(), Packet.size());
//     if (R && R->r0 == XDP_DROP)
//       ...
#ifndef BPFCC_RUNTIME_HPP
#define BPFCC_RUNTIME_HPP

#include <bpfcc/runtime.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bpfcc::runtime {

namespace detail {
struct Free {
  void operator()(bpfcc_error *P) const { bpfcc_error_free(P); }
  void operator()(bpfcc_object *P) const { bpfcc_object_free(P); }
  void operator()(bpfcc_instance *P) const { bpfcc_instance_free(P); }
};
template <class T> using Owner = std::unique_ptr<T, Free>;
} // namespace detail

/// What went wrong; holds something unless it was moved from.
class Error {
public:
  explicit Error(bpfcc_error *E) : E(E) {}

  const char *text() const { return bpfcc_error_text(E.get()); }
  const char *message() const { return bpfcc_error_message(E.get()); }
  unsigned code() const { return bpfcc_error_code(E.get()); }
  int number() const { return bpfcc_error_errno(E.get()); }
  /// For all else that runtime.h can say of it.
  const bpfcc_error *get() const { return E.get(); }

private:
  detail::Owner<bpfcc_error> E;
};

/// A T, or why there is none.
template <class T> class Result {
public:
  Result(T Value) : Holds(std::in_place_index<0>, std::move(Value)) {}
  Result(Error E) : Holds(std::in_place_index<1>, std::move(E)) {}

  explicit operator bool() const { return Holds.index() == 0; }
  T &operator*() { return std::get<0>(Holds); }
  T *operator->() { return &std::get<0>(Holds); }
  const Error &error() const { return std::get<1>(Holds); }

private:
  std::variant<T, Error> Holds;
};

/// A map, whose keys and values are any objects without pointers and padding.
/// Belongs to its instance.
class Map {
public:
  explicit Map(bpfcc_map *M) : M(M) {}

  /// 0 or a negative errno value, as of bpfcc_map_lookup and the others.
  template <class K, class V> int lookup(const K &Key, V &Value) const {
    return bpfcc_map_lookup(M, &Key, sizeof Key, &Value, sizeof Value, nullptr);
  }
  template <class K, class V>
  int update(const K &Key, const V &Value, uint64_t Flags = 0) const {
    return bpfcc_map_update(M, &Key, sizeof Key, &Value, sizeof Value, Flags,
                            nullptr);
  }
  template <class K> int erase(const K &Key) const {
    return bpfcc_map_delete(M, &Key, sizeof Key, nullptr);
  }
  /// Calls Do(Key) for each key; Do must not change the map.
  template <class K, class Callable> void forEachKey(Callable Do) const {
    K Key{}, Next{};
    const K *Last = nullptr;
    while (!bpfcc_map_next_key(M, Last, &Next, sizeof Next, nullptr)) {
      Key = Next;
      Last = &Key;
      Do(const_cast<const K &>(Key));
    }
  }
  bpfcc_map_info info() const {
    bpfcc_map_info Info{};
    Info.size = sizeof Info;
    bpfcc_map_info_of(M, &Info);
    return Info;
  }
  bpfcc_map *get() const { return M; }

private:
  bpfcc_map *M;
};

/// Belongs to its instance, and so does what it gives.
class Program {
public:
  explicit Program(bpfcc_program *P) : P(P) {}

  const char *name() const { return bpfcc_program_name(P); }
  Result<bpfcc_result> run(const void *Data, size_t Size) const {
    bpfcc_result R{};
    R.size = sizeof R;
    bpfcc_error *E = nullptr;
    if (bpfcc_program_run(P, Data, Size, &R, &E))
      return Error(E);
    return R;
  }
  std::string verdict(uint64_t R0) const {
    std::string Name(bpfcc_verdict_name(P, R0, nullptr, 0), 0);
    bpfcc_verdict_name(P, R0, Name.data(), Name.size() + 1);
    return Name;
  }
  bpfcc_program *get() const { return P; }

private:
  bpfcc_program *P;
};

class Object {
public:
  static Result<Object> open(const char *Path) {
    bpfcc_error *E = nullptr;
    if (bpfcc_object *O = bpfcc_object_open(Path, nullptr, &E))
      return Object(O);
    return Error(E);
  }
  static Result<Object> open(const void *Data, size_t Size,
                             const char *Name = nullptr) {
    bpfcc_error *E = nullptr;
    if (auto *O = bpfcc_object_open_memory(Data, Size, Name, nullptr, &E))
      return Object(O);
    return Error(E);
  }
  /// Program \p N, on the kernel that bpfcc_object_verify is told. Error:
  /// -EACCES with the reason if it would not load there.
  Result<bpfcc_verdict> verify(size_t N, uint32_t Kernel = 0) const {
    bpfcc_verdict V{};
    V.size = sizeof V;
    bpfcc_error *E = nullptr;
    if (bpfcc_object_verify(O.get(), N, Kernel, &V, &E))
      return Error(E);
    return V;
  }
  const bpfcc_object *get() const { return O.get(); }

private:
  explicit Object(bpfcc_object *O) : O(O) {}
  detail::Owner<bpfcc_object> O;
};

/// Gives r0 from the call and its arguments; see bpfcc_helper_function.
using Helper = std::function<uint64_t(bpfcc_helper_call *, const uint64_t *)>;

/// What bpfcc_options says, with helpers and functions that may capture.
struct Options {
  bpfcc_options Plain{};
  struct Entry {
    uint32_t Number;
    std::string Name;
    unsigned NumArgs;
    Helper Run;
  };
  std::vector<Entry> Helpers;
  std::function<void(Map, const void *, size_t)> Record;
  std::function<void(const char *)> Trace;
};

class Instance {
public:
  static Result<Instance> load(const Object &O, Options Given = {}) {
    Instance I;
    I.Kept = std::make_shared<Options>(std::move(Given));
    std::vector<bpfcc_host_helper> Helpers;
    bpfcc_options Plain = I.plainOptions(Helpers);
    bpfcc_error *E = nullptr;
    I.I.reset(bpfcc_object_load(O.get(), &Plain, &E));
    if (!I.I)
      return Error(E);
    return I;
  }

  /// The same world for another thread; see bpfcc_instance_share.
  Result<Instance> share(uint32_t Cpu) const {
    Instance Other;
    bpfcc_error *E = nullptr;
    Other.Kept = Kept;
    Other.I.reset(bpfcc_instance_share(I.get(), Cpu, &E));
    if (!Other.I)
      return Error(E);
    return Other;
  }
  /// 0, or what a timer's callback did wrong; see bpfcc_pass_time.
  Result<int> passTime(uint64_t Nanoseconds) const {
    bpfcc_error *E = nullptr;
    if (bpfcc_pass_time(I.get(), Nanoseconds, &E))
      return Error(E);
    return 0;
  }

  /// The only program, without a name.
  Result<Program> program(const char *Name = nullptr) const {
    bpfcc_error *E = nullptr;
    if (bpfcc_program *P = bpfcc_find_program(I.get(), Name, &E))
      return Program(P);
    return Error(E);
  }
  Result<Map> map(const char *Name) const {
    bpfcc_error *E = nullptr;
    if (bpfcc_map *M = bpfcc_find_map(I.get(), Name, &E))
      return Map(M);
    return Error(E);
  }
  /// Null if there is no variable of that name and size.
  template <class T> T *variable(const char *Name) const {
    size_t Size = 0;
    void *V = bpfcc_find_variable(I.get(), Name, &Size, nullptr);
    return V && Size == sizeof(T) ? static_cast<T *>(V) : nullptr;
  }
  bpfcc_instance *get() const { return I.get(); }

private:
  Instance() = default;

  bpfcc_options plainOptions(std::vector<bpfcc_host_helper> &Helpers) {
    bpfcc_options Plain = Kept->Plain;
    Plain.size = sizeof Plain;
    for (Options::Entry &H : Kept->Helpers)
      Helpers.push_back(
          {H.Number, H.Name.c_str(), H.NumArgs,
           [](bpfcc_helper_call *Call, const uint64_t *Args, void *U) {
             return (*static_cast<Helper *>(U))(Call, Args);
           },
           &H.Run});
    Plain.helpers = Helpers.data();
    Plain.num_helpers = Helpers.size();
    if (Kept->Record) {
      Plain.record = [](bpfcc_map *M, const void *Data, size_t Size, void *U) {
        static_cast<Options *>(U)->Record(Map(M), Data, Size);
      };
      Plain.record_user = Kept.get();
    }
    if (Kept->Trace) {
      Plain.trace = [](const char *Line, void *U) {
        static_cast<Options *>(U)->Trace(Line);
      };
      Plain.trace_user = Kept.get();
    }
    return Plain;
  }

  std::shared_ptr<Options> Kept; ///< what the library has pointers into
  detail::Owner<bpfcc_instance> I;
};

} // namespace bpfcc::runtime

#endif
