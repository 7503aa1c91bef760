// What a new TLS connection costs where the authorities are the system's: three ways to hold
// libcurl's handles. CPU of the client alone. Exit 1 when the goal is missed.

#include "bare_curl.hpp"
#include "forked_stripe.hpp"
#include "goal.hpp"
#include "thread_cpu.hpp"

#include "unit/client/client_calls.hpp"

#include <stripe_return/client/curl_transport.hpp>
#include <stripe_return/client/session_client.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;

constexpr int thread_count = 16;
constexpr int further_connections = 40;
constexpr double goal = 1.1; // for each further connection
constexpr const char* system_authorities = "/etc/ssl/certs/ca-certificates.crt";

// The system's authorities and the test's own in one file.
class authorities {
public:
  explicit authorities(const std::string& own) {
    const int fd = mkstemp(path_);
    if (fd < 0) loopback::die("mkstemp");
    close(fd);
    std::ofstream(path_, std::ios::binary)
        << std::ifstream(system_authorities, std::ios::binary).rdbuf()
        << std::ifstream(own, std::ios::binary).rdbuf();
  }
  ~authorities() { unlink(path_); }
  authorities(const authorities&) = delete;
  authorities& operator=(const authorities&) = delete;
  const char* path() const { return path_; }

private:
  char path_[32] = "/tmp/ca-and-test-XXXXXX";
};

// One of the three ways. get() makes one connection, since the server ends each after its response.
class way {
public:
  virtual ~way() = default;
  virtual void get(int thread, const std::string& url) = 0;
};

struct target {
  std::string api_base;
  sr::http_request request;
  std::string ca_file;
  std::vector<std::string> other_urls; // the same server under other names
};

class one_multi final : public way {
public:
  explicit one_multi(const target& to) : request_(to.request), transport_(trusting(to.ca_file)) {}
  void get(int, const std::string& url) override {
    sr::http_request request = request_;
    request.url = url;
    const auto response = send_once(transport_, request);
    if (!response || response->status != 200) loopback::die("curl_transport");
  }

private:
  static sr::curl_transport_options trusting(const std::string& ca_file) {
    sr::curl_transport_options options;
    options.ca_file = ca_file;
    return options;
  }

  const sr::http_request request_;
  sr::curl_transport transport_;
};

// The same one under a client, whose threads may share it.
class one_multi_in_client final : public way {
public:
  explicit one_multi_in_client(const target& to) : client_(options_for(to)) {}
  void get(int, const std::string&) override {
    const auto id = sr::session_id::parse("cs_test_" + std::to_string(++last_));
    if (!client_.retrieve(*id)) loopback::die("session_client");
  }

private:
  static sr::client_options options_for(const target& to) {
    sr::client_options options;
    options.secret_key = "sk_test_bench";
    options.api_base = to.api_base;
    options.ca_file = to.ca_file;
    options.deadline = options.attempt_timeout = options.connect_timeout = to.request.timeout;
    options.requests_per_second = 0;
    return options;
  }

  std::atomic<int> last_{0};
  const sr::session_client client_;
};

class pooled_handles final : public way {
public:
  explicit pooled_handles(const target& to) {
    for (int i = 0; i != thread_count; ++i)
      handles_.push_back(std::make_unique<bench::bare_curl>(to.request, to.ca_file));
  }
  void get(int thread, const std::string& url) override {
    bench::bare_curl& handle = *handles_[static_cast<std::size_t>(thread)];
    handle.set_url(url);
    handle.get();
  }

private:
  std::vector<std::unique_ptr<bench::bare_curl>> handles_;
};

class fresh_handles final : public way {
public:
  explicit fresh_handles(const target& to) : to_(to) {}
  void get(int, const std::string& url) override {
    bench::bare_curl handle(to_.request, to_.ca_file);
    handle.set_url(url);
    handle.get();
  }

private:
  const target to_;
};

// Lets all threads go at once.
class gate {
public:
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

void in_threads(way& way, const std::string& url, int connections_each) {
  gate start;
  std::vector<std::thread> threads;
  for (int i = 0; i != thread_count; ++i) {
    threads.emplace_back([&, i] {
      start.pass();
      for (int n = 0; n != connections_each; ++n)
        way.get(i, url);
    });
  }
  start.open();
  for (std::thread& each : threads)
    each.join();
}

struct figures {
  double first_ms;           // one thread: its first connection
  double resumed_ms;         // each further one to that host: its TLS session may be resumed
  double full_ms;            // each further one to a host not seen before: a full TLS handshake
  double threads_first_ms;   // 16 threads at once: the first connection of each, all 16 together
  double threads_further_ms; // and each further one
  double peak_mb;            // resident, with 16 threads
};

double peak_resident_mb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == "VmHWM:") break;
  }
  double kib = 0;
  status >> kib;
  return kib / 1024;
}

template <class Way> std::unique_ptr<way> make_way(const target& to) {
  return std::make_unique<Way>(to);
}
using way_maker = std::unique_ptr<way> (*)(const target&);

figures one_thread(way_maker make, const target& to) {
  figures measured{};
  const auto way = make(to);
  const std::string& url = to.request.url;
  measured.first_ms = bench::thread_cpu([&] { way->get(0, url); }) / 1e3;
  std::vector<double> resumed;
  std::vector<double> full;
  for (const std::string& other : to.other_urls) {
    resumed.push_back(bench::thread_cpu([&] { way->get(0, url); }) / 1e3);
    full.push_back(bench::thread_cpu([&] { way->get(0, other); }) / 1e3);
  }
  measured.resumed_ms = bench::median(resumed);
  measured.full_ms = bench::median(full);
  return measured;
}

figures many_threads(way_maker make, const target& to) {
  figures measured{};
  const auto way = make(to);
  constexpr int more = 5;
  measured.threads_first_ms =
      bench::process_cpu([&] { in_threads(*way, to.request.url, 1); }) / 1e3;
  measured.threads_further_ms =
      bench::process_cpu([&] { in_threads(*way, to.request.url, more); }) / 1e3 /
      (thread_count * more);
  measured.peak_mb = peak_resident_mb();
  return measured;
}

// In a process of its own, so that neither memory nor TLS sessions of the one before count.
figures in_own_process(figures (*measure)(way_maker, const target&), way_maker make,
                       const target& to) {
  int result[2];
  if (pipe(result) != 0) loopback::die("pipe");
  const pid_t child = fork();
  if (child < 0) loopback::die("fork");
  if (child == 0) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const figures measured = measure(make, to);
    _exit(write(result[1], &measured, sizeof measured) == sizeof measured ? 0 : 1);
  }
  close(result[1]);
  figures measured{};
  if (read(result[0], &measured, sizeof measured) != sizeof measured) loopback::die("a child");
  close(result[0]);
  waitpid(child, nullptr, 0);
  return measured;
}

figures measure(way_maker one, way_maker shared, const target& to) {
  constexpr int repetitions = 5;
  std::vector<double> columns[6];
  for (int i = 0; i != repetitions; ++i) {
    const figures alone = in_own_process(one_thread, one, to);
    const figures threads = in_own_process(many_threads, shared, to);
    columns[0].push_back(alone.first_ms);
    columns[1].push_back(alone.resumed_ms);
    columns[2].push_back(alone.full_ms);
    columns[3].push_back(threads.threads_first_ms);
    columns[4].push_back(threads.threads_further_ms);
    columns[5].push_back(threads.peak_mb);
  }
  return {bench::median(columns[0]), bench::median(columns[1]), bench::median(columns[2]),
          bench::median(columns[3]), bench::median(columns[4]), bench::median(columns[5])};
}

void print(const char* name, const figures& of) {
  std::printf("| %-36s | %6.2f | %7.2f | %6.2f | %8.2f | %7.2f | %7.1f |\n", name, of.first_ms,
              of.resumed_ms, of.full_ms, of.threads_first_ms, of.threads_further_ms, of.peak_mb);
}

} // namespace

int main() {
  if (access(system_authorities, R_OK) != 0) {
    std::printf("skipped: there is no %s\n", system_authorities);
    return 0;
  }
  bench::stripe_behavior one_each;
  one_each.close = true;
  const bench::forked_stripe stripe(one_each);
  const authorities all(stripe.ca_file());
  target to;
  to.api_base = stripe.url();
  to.ca_file = all.path();
  to.request.url = stripe.url() + "/v1/checkout/sessions/cs_test_a1";
  to.request.authorization = "Bearer sk_test_bench";
  for (int i = 0; i != further_connections; ++i) {
    to.other_urls.push_back(stripe.url("h" + std::to_string(i) + ".loopback.test") +
                            "/v1/checkout/sessions/cs_test_a1");
  }
  to.request.timeout = to.request.connect_timeout = std::chrono::seconds(60);

  const figures multi = measure(make_way<one_multi>, make_way<one_multi_in_client>, to);
  const figures pool = measure(make_way<pooled_handles>, make_way<pooled_handles>, to);
  const figures fresh = measure(make_way<fresh_handles>, make_way<fresh_handles>, to);
  to.ca_file = stripe.ca_file();
  const figures floor = measure(make_way<pooled_handles>, make_way<pooled_handles>, to);
  std::printf("CPU ms for new TLS connections with the system's authorities, medians of 5\n");
  std::printf("| %-36s | %6s | %7s | %6s | %8s | %7s | %7s |\n", "one thread; then 16 threads",
              "first", "resumed", "full", "16 first", "further", "peak MB");
  std::printf("|---|---|---|---|---|---|---|\n");
  print("curl_transport: one multi handle", multi);
  print("16 reused easy handles, CAPATH null", pool);
  print("a fresh easy handle each time", fresh);
  print("reused handles, one authority: floor", floor);

  // Bare libcurl with its store parsed: reused handles.
  bool met = bench::report_goal("tls_resumed", multi.resumed_ms / pool.resumed_ms, goal);
  met = bench::report_goal("tls_full", multi.full_ms / pool.full_ms, goal) && met;
  met = bench::report_goal("tls_in_threads", multi.threads_further_ms / pool.threads_further_ms,
                           goal) &&
        met;
  return met ? 0 : 1;
}
