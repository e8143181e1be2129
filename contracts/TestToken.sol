// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Test token
/// @notice A token that anybody may mint, for local chains only. 18 decimals.
contract TestToken is ERC20, ERC20Burnable, ERC20Permit {
    /// @notice The contract was to be deployed on a chain that is not a local one.
    /// @param chainId the id of that chain
    error NotALocalChain(uint256 chainId);

    /// @notice Refuses every chain but those with the id 31337 (anvil, hardhat) or 1337 (geth --dev, ganache).
    constructor() ERC20("Headframe Test Token", "HFT") ERC20Permit("Headframe Test Token") {
        if (block.chainid != 31337 && block.chainid != 1337) {
            revert NotALocalChain(block.chainid);
        }
    }

    /// @notice Makes new tokens out of nothing. Open to everybody.
    /// @param to who gets them
    /// @param amount how many, in the smallest unit of the token (10^-18)
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
