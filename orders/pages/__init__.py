"""What buyers and sellers read of an order. Rows are reached through the buyer, or the member's store."""
