// The shop's own list of its orders.
#pragma once

#include <mutex>
#include <string>
#include <vector>

// The numbers of the orders that were made since the program began: a shop has a table for them.
// May be shared between threads.
class order_list {
public:
  std::string make_number(); // and remember it

  std::vector<std::string> newest_first() const;

private:
  mutable std::mutex mutex_;
  std::vector<std::string> numbers_;
};
