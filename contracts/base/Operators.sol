// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Operators
/// @notice Keys that act for a provider at one service. They can do its duties and move its stake between idle, provisioned
/// and thawing. They can never take it out: only the provider itself unstakes.
abstract contract Operators {
    mapping(address provider => mapping(address service => mapping(address operator => bool))) private _operators;

    /// @notice A provider allowed a key to act for it at a service, or took that back.
    event OperatorSet(address indexed provider, address indexed service, address indexed operator, bool allowed);

    /// @notice The caller is neither the provider nor one of its operators at the service.
    error NotAuthorized(address caller, address provider, address service);
    /// @notice A provider needs no leave to act for itself.
    error OperatorIsProvider(address provider);

    /// @notice Lets a key act for the caller at one service, or takes that back. Works during a pause: a lost key can
    /// be shut out at any time.
    /// @param service the service, such as the MinerRegistry
    /// @param operator the key
    /// @param allowed whether it may act from now on
    function setOperator(address service, address operator, bool allowed) external {
        if (operator == msg.sender) {
            revert OperatorIsProvider(msg.sender);
        }
        _operators[msg.sender][service][operator] = allowed;
        emit OperatorSet(msg.sender, service, operator, allowed);
    }

    /// @notice Whether `caller` may act for `provider` at `service`.
    /// @param provider whose stake it is
    /// @param service the service
    /// @param caller the provider itself, or a key
    function isAuthorized(address provider, address service, address caller) public view returns (bool) {
        return caller == provider || _operators[provider][service][caller];
    }

    function _requireAuthorized(address provider, address service) internal view {
        if (!isAuthorized(provider, service, msg.sender)) {
            revert NotAuthorized(msg.sender, provider, service);
        }
    }
}
