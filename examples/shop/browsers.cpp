#include "browsers.hpp"

#include "random_id.hpp"

#include <algorithm>

std::string browsers::give(std::string_view id, const std::string& out_trade_no) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto known = orders_.find(std::string(id));
  // An id that this shop did not make is not taken over: somebody may have planted it.
  if (known == orders_.end()) known = orders_.try_emplace(random_id(16)).first;
  std::vector<std::string>& orders = known->second;
  orders.erase(std::remove(orders.begin(), orders.end(), out_trade_no), orders.end());
  orders.push_back(out_trade_no);
  return known->first;
}

bool browsers::owns(std::string_view id, std::string_view out_trade_no) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = orders_.find(std::string(id));
  return known != orders_.end() &&
         std::find(known->second.begin(), known->second.end(), out_trade_no) != known->second.end();
}

std::string browsers::last_order_of(std::string_view id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = orders_.find(std::string(id));
  return known == orders_.end() ? std::string() : known->second.back();
}
