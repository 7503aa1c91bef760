// One order, or one payment without an order, for the shopkeeper.
#pragma once

#include "page.hpp"

#include <stripe_return/orders/order_record.hpp>

#include <string>
#include <string_view>
#include <vector>

// `csrf` goes into every form; `result` is the word for what was just done, empty for nothing.
page order_details_page(const visit& visit, const stripe_return::order_record& order,
                        const std::vector<stripe_return::history_entry>& history,
                        const std::string& csrf, std::string_view result);
