// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What StakeManager asks of a service that is a contract
interface IStakeService {
    /// @notice What must stay provisioned, and not thaw, for what the provider runs at this service. Must be cheap: every
    /// thaw asks for it.
    /// @param provider whose provision it is
    /// @return tokens in the smallest unit of the token
    function requiredStake(address provider) external view returns (uint256 tokens);
}
