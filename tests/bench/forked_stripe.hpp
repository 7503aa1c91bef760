#pragma once

#include "data/data_file.hpp"
#include "loopback/die.hpp"
#include "loopback/https_server.hpp"

#include <chrono>
#include <csignal>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bench {

struct stripe_behavior {
  bool close = false;  // each response ends its connection
  bool silent = false; // never answers
  std::chrono::milliseconds latency{0};
};

// The recorded paid session under whatever id it is asked for, over HTTPS, by a process of its own,
// so that none of the server's CPU time is counted. Make it before any thread and before libcurl is
// used.
class forked_stripe {
public:
  static constexpr const char* session_id = "cs_test_a1";

  explicit forked_stripe(const stripe_behavior& behavior) {
    const loopback::certificate certificate = ca_.issue({{"localhost", "*.loopback.test"}});
    processors();
    // Where it is allowed to, it goes before all other load of the computer.
    const sched_param first{1};
    sched_setscheduler(0, SCHED_RR, &first);
    int ready[2];
    if (pipe(ready) != 0) loopback::die("pipe");
    child_ = fork();
    if (child_ < 0) loopback::die("fork");
    if (child_ == 0) serve(certificate, behavior, ready[1]);
    ::close(ready[1]);
    if (read(ready[0], &port_, sizeof port_) != sizeof port_) loopback::die("the server's port");
    ::close(ready[0]);
    use_processor(true);
  }

  ~forked_stripe() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }

  forked_stripe(const forked_stripe&) = delete;
  forked_stripe& operator=(const forked_stripe&) = delete;

  // As host, besides localhost: any name in loopback.test.
  std::string url(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(port_);
  }
  const std::string& ca_file() const { return ca_.ca_file(); }

private:
  // The server gets a processor of its own, where there are two: on the client's, what a wake-up
  // costs would depend on where the scheduler happens to put them.
  static void use_processor(bool client) {
    const cpu_set_t allowed = processors();
    if (CPU_COUNT(&allowed) < 2) return;
    int last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(last, &allowed))
      --last;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(last, &own);
    if (client) CPU_XOR(&own, &own, &allowed); // all the others
    if (sched_setaffinity(0, sizeof own, &own) != 0) loopback::die("sched_setaffinity");
  }

  // Those that the process had before the first server.
  static cpu_set_t processors() {
    static const cpu_set_t all = [] {
      cpu_set_t allowed;
      CPU_ZERO(&allowed);
      if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) loopback::die("sched_getaffinity");
      return allowed;
    }();
    return all;
  }

  static std::string session(const std::string& recorded, const std::string& target) {
    const std::size_t begin = target.find("cs_");
    const std::string id = target.substr(begin, target.find('?') - begin);
    const std::string own = "cs_test_www";
    std::string json = recorded;
    for (std::size_t at = 0; (at = json.find(own, at)) != std::string::npos; at += id.size())
      json.replace(at, own.size(), id);
    return json;
  }

  [[noreturn]] static void serve(const loopback::certificate& certificate,
                                 const stripe_behavior& behavior, int ready) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    use_processor(false);
    const std::string recorded = data_file("paid.json");
    loopback::response response;
    if (behavior.silent) response.fault = loopback::fault::stall_before_response;
    response.headers = {{"Content-Type", "application/json"},
                        {"Date", "Mon, 23 Mar 2026 08:59:46 GMT"},
                        {"Request-Id", "req_bench"}};
    if (behavior.close) response.headers.emplace_back("Connection", "close");
    loopback::server_options options;
    options.tls = certificate;
    options.respond = [&](const loopback::request& asked) {
      std::this_thread::sleep_for(behavior.latency);
      loopback::response answer = response;
      answer.body = session(recorded, asked.target);
      return answer;
    };
    const loopback::https_server server(std::move(options));
    const int port = server.port();
    if (write(ready, &port, sizeof port) != sizeof port) loopback::die("write");
    for (;;)
      pause();
  }

  loopback::test_ca ca_;
  pid_t child_ = 0;
  int port_ = 0;
};

} // namespace bench
