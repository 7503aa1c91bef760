// A peer that never stops sending, whatever it is that it sends: the call ends by its deadline or
// by the limit of bytes, the loop goes on meanwhile, and the memory does not grow with what came.
#include "poll_driver.hpp"

#include "loopback/die.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

namespace sr = stripe_return;
using testing::AnyOf;
using testing::ElementsAre;

// Sends `begin` and then `again`, again and again, to whoever asks, as fast as it is taken or,
// where `slow`, a byte at a time.
class flooding_server {
public:
  flooding_server(std::string begin, std::string again, bool slow)
      : begin_(std::move(begin)), again_(std::move(again)), slow_(slow) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, 8) != 0 ||
        getsockname(listener_, generic, &size) != 0)
      loopback::die("bind");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~flooding_server() {
    over_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  flooding_server(const flooding_server&) = delete;
  flooding_server& operator=(const flooding_server&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::size_t sent() const { return sent_; }

private:
  void serve() {
    while (!over_) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      char some[4096];
      if (recv(fd, some, sizeof some, 0) > 0 && send_all(fd, begin_)) {
        while (!over_ && send_all(fd, again_)) {
        }
      }
      close(fd);
    }
  }
  bool send_all(int fd, const std::string& text) {
    for (std::size_t at = 0; at != text.size();) {
      const ssize_t sent = send(fd, text.data() + at, slow_ ? 1 : text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0 || over_) return false;
      at += static_cast<std::size_t>(sent);
      sent_ += static_cast<std::size_t>(sent);
    }
    return true;
  }

  const std::string begin_;
  const std::string again_;
  const bool slow_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> over_{false};
  std::atomic<std::size_t> sent_{0};
  std::thread thread_;
};

std::size_t kib_of(const char* what) {
  std::ifstream status("/proc/self/status");
  for (std::string name; status >> name;)
    if (name == what) {
      std::size_t kib = 0;
      status >> kib;
      return kib;
    }
  return 0;
}

struct flood {
  const char* name;
  std::string begin;
  std::string again;
  bool slow;
  bool limited; // what comes counts towards max_response_bytes
};

std::string long_line(const std::string& begin) {
  return begin + std::string(8000, 'x') + "\r\n";
}

std::vector<flood> floods() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  std::string many_lines;
  for (int i = 0; i != 100; ++i)
    many_lines += "X-" + std::to_string(i) + ": y\r\n";
  return {
      {"interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n", false, true},
      {"interim answers with headers", "",
       "HTTP/1.1 103 Early Hints\r\n" + long_line("Link: ") + "\r\n", false, true},
      {"header lines", ok, many_lines, false, true},
      {"long header lines", ok, long_line("X: "), false, true},
      {"a header line without an end", ok + "X: ", std::string(8000, 'x'), false, true},
      {"a status line without an end", "HTTP/1.1 200 ", std::string(8000, 'x'), false, true},
      {"trailers", chunked + "0\r\n", many_lines, false, true},
      {"a trailer without an end", chunked + "0\r\nX: ", std::string(8000, 'x'), false, true},
      {"a body without an end", ok + "\r\n", std::string(8000, ' '), false, true},
      {"chunks", chunked, "1000\r\n" + std::string(4096, ' ') + "\r\n", false, true},
      {"chunk extensions", chunked, "1;" + std::string(8000, 'x') + "\r\n \r\n", false, false},
      {"a chunk extension without an end", chunked + "1;", std::string(8000, 'x'), false, false},
      {"a dribbled header", ok, "X: y\r\n", true, false},
      {"a dribbled body", ok + "Content-Length: 1000000\r\n\r\n", " ", true, false},
  };
}

class Flood : public AsyncClient<poll_driver> {};

TEST_F(Flood, EndsByTheDeadlineOrTheLimitAndTheLoopGoesOn) {
  for (const flood& each : floods()) {
    SCOPED_TRACE(each.name);
    flooding_server server(each.begin, each.again, each.slow);
    auto options = options_for(server.url());
    options.deadline = loopback::soon;
    options.max_response_bytes = 64 * 1024;
    const auto stripe = driver_.make(options);
    std::ofstream("/proc/self/clear_refs") << 5; // the peak begins anew
    const std::size_t before = kib_of("VmRSS:");
    std::vector<std::string> events;
    std::string word;
    stripe->retrieve(id_of("cs_test_a1"), {}, [&](auto answer) {
      events.emplace_back("answer");
      word = answer ? "session" : std::string(to_string(answer.error().code));
    });
    driver_.loop().after(milliseconds(0), [&] { events.emplace_back("own work"); });
    driver_.run_until([&] { return events.size() == 2; });
    EXPECT_THAT(events, ElementsAre("own work", "answer"));
    EXPECT_THAT(word, AnyOf("response_too_large", "transport_failed", "timed_out_waiting",
                            "timed_out_receiving", "connection_lost"));
    if (each.limited) {
      EXPECT_LT(server.sent(), 32u * 1024 * 1024); // what sockets hold, besides
    }
    EXPECT_LT(kib_of("VmHWM:"), before + 16 * 1024);
  }
}

// And a call that waits beside it, of another client on the same thread, is answered.
TEST_F(Flood, HoldsNobodyElseUp) {
  const loopback::https_server good(https(session_response));
  flooding_server server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                         std::string(8000, 'x'), false);
  auto options = options_for(server.url());
  options.max_response_bytes = 64 * 1024;
  const auto flooded = driver_.make(options);
  poll_loop& its_loop = driver_.loop();
  const auto stripe = client_for(good.url());
  flooded->retrieve(id_of("cs_test_flood"), {}, inbox_.under("flood"));
  patiently([&] { return server.sent() > 1024 * 1024; }, [&] { its_loop.run_once(); });
  for (int i = 0; i != 3; ++i) {
    const std::string id = "cs_test_" + std::to_string(i);
    call(*stripe, id);
    patiently([&] { return inbox_.has(id); },
              [&] {
                its_loop.run_once();
                driver_.loop().run_once();
              });
    EXPECT_EQ(inbox_.outcome(id), "session");
  }
  EXPECT_EQ(inbox_.outcome("flood"), "waits");
}

} // namespace
