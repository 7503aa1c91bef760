#pragma once

// Needs: CMAKE_DL_LIBS Threads::Threads. Compile stalled_resolver.cpp into the test executable
// itself (not into a static or shared library), so that libcurl.so's getaddrinfo() lands here.

#include <chrono>

namespace loopback {

/// Linking stalled_resolver.cpp replaces getaddrinfo() in the whole executable, and no name ever
/// goes to the network:
///   *.invalid                   EAI_NONAME at once
///   stalled.test                blocks while a stalled_resolver exists and is not released
///   *.loopback.test, localhost  127.0.0.1
///   address literals            as ever
///   anything else               EAI_FAIL
///
/// At most one object at a time.
class stalled_resolver {
public:
  stalled_resolver();
  ~stalled_resolver(); ///< Does release().
  stalled_resolver(const stalled_resolver&) = delete;
  stalled_resolver& operator=(const stalled_resolver&) = delete;

  /// How many threads are blocked in a look-up.
  int waiting() const;

  /// Waits until at least `count` threads are blocked. False when that takes too long.
  bool wait_until_waiting(int count = 1,
                          std::chrono::milliseconds limit = std::chrono::seconds(10)) const;

  /// Lets all look-ups fail with EAI_AGAIN, those to come as well, and waits until no thread is
  /// blocked any more.
  void release();
};

} // namespace loopback
