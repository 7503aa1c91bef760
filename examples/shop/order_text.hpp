// Short texts about an order for the shopkeeper.
#pragma once

#include "page.hpp"

#include <stripe_return/core/money.hpp>
#include <stripe_return/orders/order_record.hpp>

#include <string>
#include <vector>

std::string time_text(stripe_return::unix_seconds at);
html since_text(const visit& visit, stripe_return::unix_seconds at);
std::string amounts_text(const std::vector<stripe_return::money>& amounts);

// What it costs; of a payment without an order, what was paid.
std::vector<stripe_return::money> amounts_of(const stripe_return::order_record& order);
// How far it has come, and for whom it waits since when.
html stage_text(const visit& visit, const stripe_return::order_record& order);
html reasons_text(const visit& visit, const std::vector<stripe_return::reason>& reasons);

// What find() finds it by: its number; of a payment without an order, its session.
std::string reference_of(const stripe_return::order_record& order);
std::string address_of(const std::string& reference); // of its page
