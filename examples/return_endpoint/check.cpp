#include "check.hpp"

#include "demo.hpp"

#include <httplib.h>

#include <cstdio>
#include <string>

namespace {

// "" when the answer is what the visitor should see.
std::string fault_of(const httplib::Result& answer, int http_status, const std::string& word) {
  if (!answer) return "no answer";
  if (answer->status != http_status) return "status " + std::to_string(answer->status);
  if (answer->body.find("data-word=\"" + word + "\"") == std::string::npos) {
    return "another page";
  }
  if (answer->get_header_value("Cache-Control") != "no-store") return "may be kept";
  if (answer->get_header_value("Referrer-Policy") != "no-referrer") return "tells its address on";
  for (const char* private_word : {"cs_test", "cs_live", "pi_", "demo-1", "1774256", "@"}) {
    if (answer->body.find(private_word) != std::string::npos) return "shows too much";
  }
  return {};
}

class tally {
public:
  void add(const std::string& name, const std::string& word, const std::string& fault) {
    ++(fault.empty() ? passed_ : failed_);
    std::printf("%-4s %s: %s%s%s\n", fault.empty() ? "ok" : "FAIL", name.c_str(), word.c_str(),
                fault.empty() ? "" : ", ", fault.c_str());
  }
  int exit_code() const {
    std::printf("%d passed, %d failed\n", passed_, failed_);
    return failed_ == 0 && passed_ != 0 ? 0 : 1;
  }

private:
  int passed_ = 0;
  int failed_ = 0;
};

} // namespace

int check_every_visit(int port) {
  httplib::Client browser("127.0.0.1", port);
  tally results;
  for (const demo::visit& visit : demo::visits()) {
    httplib::Headers headers;
    if (visit.order) headers.emplace("Cookie", "out_trade_no=" + visit.order->out_trade_no);
    results.add(visit.name, visit.word,
                fault_of(browser.Get(visit.target, headers), visit.http_status, visit.word));
  }
  return results.exit_code();
}
