// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IStakeService} from "../interfaces/IStakeService.sol";

/// @title Service double
/// @notice For tests: a service that requires what it is told to, and calls what it is told to.
contract ServiceDouble is IStakeService {
    /// @inheritdoc IStakeService
    mapping(address provider => uint256) public requiredStake;

    /// @notice Sets what the provider's miners need here.
    function setRequired(address provider, uint256 tokens) external {
        requiredStake[provider] = tokens;
    }

    /// @notice Calls `target` as this service.
    function act(address target, bytes calldata data) external {
        (bool ok, bytes memory result) = target.call(data);
        if (!ok) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
    }
}
