// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {MinerRegistry} from "./MinerRegistry.sol";
import {StakeManager} from "./StakeManager.sol";
import {Epochs} from "./base/Epochs.sol";

/// @title Epoch rewards
/// @notice Pays providers what a Merkle root per epoch says. The poster posts it when the epoch is over; for the challenge delay the
/// guardian may veto it; then everybody may have the claims of a provider paid, each once, to where the provider wants them.
/// A root is covered by tokens that are here when it is posted. All amounts are in the smallest unit of the token.
/// Leaves are keccak256(keccak256(abi.encode(uint256 epoch, address provider, uint256 amount))), pairs are hashed in order of size.
contract EpochRewards is Epochs, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @notice May post roots.
    bytes32 public constant POSTER_ROLE = keccak256("POSTER_ROLE");

    /// @notice The rewards of an epoch.
    /// @param root of the Merkle tree; 0 when none is posted
    /// @param total of all claims
    /// @param claimed what has been paid of it
    /// @param claimableAt the end of the challenge delay, seconds since 1970
    struct EpochRoot {
        bytes32 root;
        uint128 total;
        uint128 claimed;
        uint64 claimableAt;
    }

    /// @notice Where a provider wants its rewards.
    /// @param destination who gets them; 0: the provider itself
    /// @param restake whether they become idle stake of the provider instead
    struct Payout {
        address destination;
        bool restake;
    }

    /// @notice One claim of a batch.
    /// @param epoch of which epoch
    /// @param amount what the leaf says
    /// @param proof from the leaf to the root
    struct Claim {
        uint256 epoch;
        uint256 amount;
        bytes32[] proof;
    }

    /// @notice What rewards are paid in: what is staked.
    IERC20 public immutable token;
    /// @notice How long after it was posted a root may be vetoed and not be claimed from, in seconds.
    uint64 public immutable challengeDelay;

    /// @notice Tokens that are here and stand behind no root.
    uint256 public unreserved;

    mapping(uint256 epoch => EpochRoot) private _roots;
    mapping(address provider => BitMaps.BitMap) private _claims;
    mapping(address provider => Payout) private _payouts;

    /// @notice Tokens came in for rewards.
    event Funded(address indexed from, uint256 tokens);
    /// @notice The rewards of an epoch are known. They can be claimed from `claimableAt` on, unless vetoed before.
    event RootPosted(uint256 indexed epoch, bytes32 root, uint256 total, uint64 claimableAt);
    /// @notice The guardian took a root back. Another may be posted.
    event RootVetoed(uint256 indexed epoch, bytes32 root);
    /// @notice A claim was paid.
    event Claimed(uint256 indexed epoch, address indexed provider, uint256 amount);
    /// @notice What one call claimed for a provider went to `destination`; to its stake when `restaked`.
    event Paid(address indexed provider, address indexed destination, uint256 amount, bool restaked);
    /// @notice A provider said where it wants its rewards.
    event PayoutSet(address indexed provider, address destination, bool restake);

    /// @notice The amount is zero.
    error ZeroTokens();
    /// @notice The epoch is not over.
    error EpochNotOver(uint256 epoch, uint256 current);
    /// @notice A root must not be zero.
    error ZeroRoot(uint256 epoch);
    /// @notice The epoch has a root.
    error RootExists(uint256 epoch);
    /// @notice The epoch has no root.
    error NoRoot(uint256 epoch);
    /// @notice More was promised than tokens are here that stand behind no other root.
    error InsufficientFunds(uint256 unreserved, uint256 total);
    /// @notice It is too late for a veto.
    error ChallengeOver(uint256 epoch, uint64 claimableAt);
    /// @notice It is too early for a claim.
    error ChallengeRunning(uint256 epoch, uint64 claimableAt);
    /// @notice This claim has been paid.
    error AlreadyClaimed(uint256 epoch, address provider);
    /// @notice The root does not say that the provider gets this amount.
    error InvalidProof(uint256 epoch, address provider, uint256 amount);
    /// @notice The claims under the root come to more than its total.
    error TotalExceeded(uint256 epoch, uint256 left, uint256 amount);
    /// @notice Restaked rewards go nowhere else.
    error RestakeHasDestination(address destination);

    /// @param registry_ whose providers are paid
    /// @param epochLength_ in seconds
    /// @param challengeDelay_ in seconds
    /// @param governor unpauses, grants roles
    /// @param guardian may pause and veto
    /// @param poster may post roots
    constructor(
        MinerRegistry registry_,
        uint64 epochLength_,
        uint64 challengeDelay_,
        address governor,
        address guardian,
        address poster
    ) Epochs(registry_, epochLength_, governor, guardian) {
        _requireAddress(poster);
        _grantRole(POSTER_ROLE, poster);
        challengeDelay = challengeDelay_;
        StakeManager stakeManager = registry_.stakeManager();
        token = IERC20(address(stakeManager.token()));
        token.forceApprove(address(stakeManager), type(uint256).max);
    }

    /// @notice Brings in tokens for rewards, which the caller must have approved. Open to everybody; they do not go back.
    /// @param tokens in the smallest unit of the token
    function fund(uint256 tokens) external whenNotPaused nonReentrant {
        if (tokens == 0) {
            revert ZeroTokens();
        }
        unreserved += tokens;
        emit Funded(msg.sender, tokens);
        token.safeTransferFrom(msg.sender, address(this), tokens);
    }

    /// @notice Posts the rewards of an epoch that is over. Only the poster.
    /// @param epoch which
    /// @param root of the Merkle tree of its claims
    /// @param total of its claims, in the smallest unit of the token; what no claim takes of it stays here for good
    function postRoot(uint256 epoch, bytes32 root, uint256 total) external whenNotPaused onlyRole(POSTER_ROLE) {
        uint256 current = currentEpoch();
        if (epoch >= current) {
            revert EpochNotOver(epoch, current);
        }
        if (root == bytes32(0)) {
            revert ZeroRoot(epoch);
        }
        if (_roots[epoch].root != bytes32(0)) {
            revert RootExists(epoch);
        }
        if (total > unreserved) {
            revert InsufficientFunds(unreserved, total);
        }
        unreserved -= total;
        uint64 claimableAt = uint64(block.timestamp) + challengeDelay;
        _roots[epoch] = EpochRoot(root, total.toUint128(), 0, claimableAt);
        emit RootPosted(epoch, root, total, claimableAt);
    }

    /// @notice Takes a root back while its challenge delay runs, also during a pause. Only the guardian.
    /// @param epoch of which epoch
    function veto(uint256 epoch) external onlyRole(GUARDIAN_ROLE) {
        EpochRoot memory posted = _posted(epoch);
        if (block.timestamp >= posted.claimableAt) {
            revert ChallengeOver(epoch, posted.claimableAt);
        }
        unreserved += posted.total;
        delete _roots[epoch];
        emit RootVetoed(epoch, posted.root);
    }

    /// @notice Pays a provider what it earned in an epoch, to where it wants it. Open to everybody.
    /// @param provider who is paid
    /// @param epoch for which epoch
    /// @param amount what the leaf says, in the smallest unit of the token
    /// @param proof from the leaf to the root
    function claim(address provider, uint256 epoch, uint256 amount, bytes32[] calldata proof)
        external
        whenNotPaused
        nonReentrant
    {
        _claim(provider, epoch, amount, proof);
        _pay(provider, amount);
    }

    /// @notice Pays a provider what it earned in several epochs, in one transfer; all claims or none. Open to everybody.
    /// @param provider who is paid
    /// @param claims one for each epoch
    function claimMany(address provider, Claim[] calldata claims) external whenNotPaused nonReentrant {
        uint256 sum = 0;
        for (uint256 i = 0; i < claims.length; i++) {
            _claim(provider, claims[i].epoch, claims[i].amount, claims[i].proof);
            sum += claims[i].amount;
        }
        _pay(provider, sum);
    }

    /// @notice Says where the caller's rewards go from now on, those of past epochs too. Works during a pause.
    /// @param destination who gets them; 0: the caller itself
    /// @param restake whether they become idle stake of the caller instead; `destination` must be 0 then
    function setPayout(address destination, bool restake) external {
        if (restake && destination != address(0)) {
            revert RestakeHasDestination(destination);
        }
        _payouts[msg.sender] = Payout(destination, restake);
        emit PayoutSet(msg.sender, destination, restake);
    }

    /// @notice The rewards of an epoch; all zero when no root is posted.
    /// @param epoch which
    function rootOf(uint256 epoch) external view returns (EpochRoot memory) {
        return _roots[epoch];
    }

    /// @notice Whether a provider has been paid for an epoch.
    /// @param provider who
    /// @param epoch which
    function claimed(address provider, uint256 epoch) external view returns (bool) {
        return _claims[provider].get(epoch);
    }

    /// @notice Where a provider wants its rewards.
    /// @param provider who
    function payoutOf(address provider) external view returns (Payout memory) {
        return _payouts[provider];
    }

    function _claim(address provider, uint256 epoch, uint256 amount, bytes32[] calldata proof) private {
        EpochRoot memory posted = _posted(epoch);
        if (block.timestamp < posted.claimableAt) {
            revert ChallengeRunning(epoch, posted.claimableAt);
        }
        if (_claims[provider].get(epoch)) {
            revert AlreadyClaimed(epoch, provider);
        }
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(epoch, provider, amount))));
        if (!MerkleProof.verifyCalldata(proof, posted.root, leaf)) {
            revert InvalidProof(epoch, provider, amount);
        }
        uint256 left = posted.total - posted.claimed;
        if (amount > left) {
            revert TotalExceeded(epoch, left, amount);
        }
        _claims[provider].set(epoch);
        _roots[epoch].claimed = uint128(posted.claimed + amount);
        emit Claimed(epoch, provider, amount);
    }

    function _pay(address provider, uint256 amount) private {
        if (amount == 0) {
            revert ZeroTokens();
        }
        Payout memory payout = _payouts[provider];
        address destination = payout.destination == address(0) ? provider : payout.destination;
        emit Paid(provider, destination, amount, payout.restake);
        if (payout.restake) {
            _stakeManager().stakeTo(provider, amount);
        } else {
            token.safeTransfer(destination, amount);
        }
    }

    function _posted(uint256 epoch) private view returns (EpochRoot memory posted) {
        posted = _roots[epoch];
        if (posted.root == bytes32(0)) {
            revert NoRoot(epoch);
        }
    }
}
