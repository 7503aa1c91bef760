#include "stalled_resolver.hpp"

#include "die.hpp"

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>

namespace loopback {
namespace {

struct gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool owned = false;
  bool closed = false;
  int waiting = 0;
};

gate& the_gate() {
  // Never destroyed: resolver threads that libcurl abandoned may outlive main().
  static gate& instance = *new gate;
  return instance;
}

int wait_at_gate() {
  gate& g = the_gate();
  std::unique_lock lock(g.mutex);
  ++g.waiting;
  g.changed.notify_all();
  g.changed.wait(lock, [&g] { return !g.closed; });
  --g.waiting;
  g.changed.notify_all();
  return EAI_AGAIN;
}

int real_getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                     addrinfo** result) {
  static const auto real = [] {
    void* symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!symbol) {
      die("there is no getaddrinfo() to pass on to");
    }
    return reinterpret_cast<decltype(&::getaddrinfo)>(symbol);
  }();
  return real(node, service, hints, result);
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_address_literal(const std::string& name) {
  in6_addr ignored = {};
  const std::string without_scope = name.substr(0, name.find('%'));
  return inet_pton(AF_INET, name.c_str(), &ignored) == 1 ||
         inet_pton(AF_INET6, without_scope.c_str(), &ignored) == 1;
}

std::string normalized(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ends_with(name, ".")) {
    name.pop_back();
  }
  return name;
}

int answer(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  if (!node) {
    return real_getaddrinfo(node, service, hints, result);
  }
  const std::string name = normalized(node);
  if (is_address_literal(name)) {
    return real_getaddrinfo(node, service, hints, result);
  }
  if (name == "localhost" || ends_with(name, ".loopback.test")) {
    // The real one makes the list, as freeaddrinfo() must be able to free it.
    return real_getaddrinfo("127.0.0.1", service, hints, result);
  }
  if (name == "stalled.test") {
    return wait_at_gate();
  }
  return ends_with(name, ".invalid") ? EAI_NONAME : EAI_FAIL;
}

} // namespace

stalled_resolver::stalled_resolver() {
  gate& g = the_gate();
  const std::lock_guard lock(g.mutex);
  if (g.owned) {
    die("there is a stalled_resolver already");
  }
  g.owned = true;
  g.closed = true;
}

stalled_resolver::~stalled_resolver() {
  release();
  gate& g = the_gate();
  const std::lock_guard lock(g.mutex);
  g.owned = false;
}

int stalled_resolver::waiting() const {
  gate& g = the_gate();
  const std::lock_guard lock(g.mutex);
  return g.waiting;
}

bool stalled_resolver::wait_until_waiting(int count, std::chrono::milliseconds limit) const {
  gate& g = the_gate();
  std::unique_lock lock(g.mutex);
  return g.changed.wait_for(lock, limit, [&] { return g.waiting >= count; });
}

void stalled_resolver::release() {
  gate& g = the_gate();
  std::unique_lock lock(g.mutex);
  g.closed = false;
  g.changed.notify_all();
  g.changed.wait(lock, [&g] { return g.waiting == 0; });
}

} // namespace loopback

extern "C" __attribute__((visibility("default"))) int
getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  return loopback::answer(node, service, hints, result);
}
