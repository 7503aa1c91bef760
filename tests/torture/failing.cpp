#include "torture/failing.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>

#include <dlfcn.h>
#include <sys/socket.h>

namespace failing {
namespace {

std::atomic<long> left{-1}; // until it fails; below 0: none does
std::atomic<what> kind_armed{what::memory};
std::atomic<int> error_armed{0};
std::atomic<bool> all_failed{false};

bool fails(what kind) {
  if (kind_armed != kind || left < 0) return false;
  return left.fetch_sub(1) == 0;
}

} // namespace

void arm(what kind, long number, int error) {
  kind_armed = kind;
  error_armed = error;
  left = number;
}

bool disarm() {
  const bool all = all_failed.exchange(false);
  return left.exchange(-1) < 0 || all;
}

} // namespace failing

namespace {

using failing::fails;
using failing::what;

void* allocate(std::size_t size) {
  if (fails(what::memory)) return nullptr;
  if (failing::all_failed) return nullptr;
  if (fails(what::all_memory)) {
    failing::all_failed = true;
    return nullptr;
  }
  return std::malloc(size == 0 ? 1 : size);
}

template <class Function> Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

void* operator new(std::size_t size) {
  if (void* const memory = allocate(size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

// These take the place of the C library's in this whole program, libcurl included.
extern "C" {

__attribute__((visibility("default"))) int socket(int domain, int type, int protocol) noexcept {
  if (fails(what::socket)) {
    errno = failing::error_armed;
    return -1;
  }
  static const auto call = real<int (*)(int, int, int)>("socket");
  return call(domain, type, protocol);
}

__attribute__((visibility("default"))) int connect(int fd, const sockaddr* address,
                                                   socklen_t size) {
  if (fails(what::connect)) {
    errno = failing::error_armed;
    return -1;
  }
  static const auto call = real<int (*)(int, const sockaddr*, socklen_t)>("connect");
  return call(fd, address, size);
}

__attribute__((visibility("default"))) ssize_t send(int fd, const void* data, std::size_t size,
                                                    int flags) {
  if (fails(what::send)) {
    errno = failing::error_armed;
    return -1;
  }
  static const auto call = real<ssize_t (*)(int, const void*, std::size_t, int)>("send");
  return call(fd, data, size, flags);
}

__attribute__((visibility("default"))) ssize_t recv(int fd, void* data, std::size_t size,
                                                    int flags) {
  if (fails(what::receive)) {
    errno = failing::error_armed;
    return -1;
  }
  static const auto call = real<ssize_t (*)(int, void*, std::size_t, int)>("recv");
  return call(fd, data, size, flags);
}

} // extern "C"
