// Whose order is whose.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Which orders were made in which browser, by the random id in its cookie. A shop keeps this with
// its other sessions; here it lasts as long as the program, and afterwards the token in the return
// URL still tells whose the order is. May be shared between threads.
class browsers {
public:
  // The id of the browser that owns the order from now on: `id`, or a new one where that is none.
  std::string give(std::string_view id, const std::string& out_trade_no);

  bool owns(std::string_view id, std::string_view out_trade_no) const;
  // The one it was given last; empty where it has none.
  std::string last_order_of(std::string_view id) const;

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> orders_;
};
